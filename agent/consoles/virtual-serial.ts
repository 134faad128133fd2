// The serial port of a virtual node. QEMU writes what it says into a file whether the server lives or not, so the record is made
// from that file, and goes on where it ended. Keys go by QEMU's socket, which is open only while somebody types.
import { type FSWatcher, watch } from 'node:fs';
import { open } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { dirname } from 'node:path';
import { RequestError } from '../errors.ts';
import { every } from '../host/clock/every.ts';
import type { DeviceConsole } from './console.ts';

type Options = {
  /** what QEMU writes, and the socket that it listens at */
  readonly files: { readonly consoleLog: string; readonly console: string };
  readonly console: DeviceConsole;
  readonly onProblem: (reason: unknown) => void;
};

const PAGE = 65_536;
/** A folder that is not there yet cannot be watched. */
const LOOK_MS = 1000;
/** Nobody has typed for so long: the socket is free for others. */
const IDLE_MS = 60_000;

/** Follows the file, and types into the socket, until it is closed. */
export class VirtualSerial {
  readonly #options: Options;
  readonly #stopLooking: () => void;
  #watcher: FSWatcher | undefined;
  #offset: number | undefined;
  #reading: Promise<void> | undefined;
  #isStale = false;
  #socket: Socket | undefined;

  constructor(options: Options) {
    this.#options = options;
    options.console.setInput('serial', { type: (bytes) => this.#type(bytes) });
    const look = async () => {
      this.#follow();
      await this.catchUp();
    };
    this.#stopLooking = every(LOOK_MS, look, options.onProblem);
    look().catch(options.onProblem);
  }

  /** Resolves when all that QEMU has written is recorded. */
  async catchUp(): Promise<void> {
    this.#isStale = true;
    this.#reading ??= this.#readAll();
    await this.#reading;
  }

  /** Lets go of file and socket. */
  async close(): Promise<void> {
    this.#stopLooking();
    this.#watcher?.close();
    this.#socket?.destroy();
    this.#options.console.setInput('serial', undefined);
    await this.#reading?.catch(() => undefined);
  }

  #follow(): void {
    if (this.#watcher !== undefined) return;
    const { files, onProblem } = this.#options;
    try {
      const watcher = watch(dirname(files.consoleLog), { persistent: false }, () => {
        this.catchUp().catch(onProblem);
      });
      watcher.on('error', () => {
        watcher.close();
        this.#watcher = undefined;
      });
      this.#watcher = watcher;
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code !== 'ENOENT') throw thrown;
    }
  }

  async #readAll(): Promise<void> {
    try {
      while (this.#isStale) {
        this.#isStale = false;
        await this.#readOn();
      }
    } finally {
      // At once: what is written from here on begins another one.
      this.#reading = undefined;
    }
  }

  async #readOn(): Promise<void> {
    const { files, console: device } = this.#options;
    const log = await open(files.consoleLog, 'r').catch((reason: NodeJS.ErrnoException) => {
      if (reason.code === 'ENOENT') return undefined;
      throw reason;
    });
    if (log === undefined) return;
    try {
      let offset = this.#offset ?? (await device.markOf('serial')) ?? 0;
      // It was begun anew.
      if ((await log.stat()).size < offset) offset = 0;
      for (;;) {
        const { buffer, bytesRead } = await log.read(Buffer.alloc(PAGE), 0, PAGE, offset);
        if (bytesRead === 0) break;
        offset += bytesRead;
        await device.hear('serial', buffer.subarray(0, bytesRead), offset);
        this.#offset = offset;
      }
      this.#offset = offset;
    } finally {
      await log.close();
    }
  }

  async #type(bytes: Uint8Array): Promise<void> {
    const socket = await this.#connected();
    await new Promise<void>((resolve, reject) => {
      socket.write(bytes, (reason) => (reason ? reject(refusal()) : resolve()));
    });
  }

  async #connected(): Promise<Socket> {
    if (this.#socket !== undefined && !this.#socket.destroyed) return this.#socket;
    const socket = connect(this.#options.files.console);
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', () => reject(refusal()));
    });
    // What is said is in the file; unread here it would hold the machine up.
    socket.on('error', () => socket.destroy()).resume();
    socket.on('close', () => {
      if (this.#socket === socket) this.#socket = undefined;
    });
    socket.setTimeout(IDLE_MS, () => socket.destroy());
    this.#socket = socket;
    return socket;
  }
}

function refusal(): RequestError {
  return new RequestError(409, 'Nothing takes what you type: the machine is off');
}
