/**
 * A packet socket that a thread of ours reads: Node wakes for no such descriptor, and a thread may sleep in a call. Frames are sent from
 * here, without it.
 */
import { once } from 'node:events';
import { existsSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { SHARE_ENV, Worker } from 'node:worker_threads';
import { messageOf } from '../../errors.ts';
import { openPacketDescriptor, type PacketDescriptor } from '../ffi/frames/packet-descriptor.ts';
import type { SystemCalls } from '../ffi/system-calls.ts';
import type { EarsData } from './ears-program.ts';
import { frameFilter } from './frame-filter.ts';
import { splitFrames } from './frame-pipe.ts';
import { type FrameHolder, type HoldFrames, ROOM, type Told } from './hold-frames.ts';
import type { SoughtMessages } from './wanted-frames.ts';

/** Beside the sources, or beside the server where it was bundled to one file (`scripts/bundle.ts`). */
const PROGRAMS = ['ears-program.ts', 'walt-server-ears.mjs'];
/** EFD_CLOEXEC with EFD_NONBLOCK. */
const BELL = 0o2000000 | 0o4000;
/** What rings it: a number of eight bytes. */
const RING = Buffer.from([1, 0, 0, 0, 0, 0, 0, 0]);
const MSG_DONTWAIT = 0x40;
/** It has no garbage to speak of. */
const LIMITS = { maxYoungGenerationSizeMb: 1, maxOldGenerationSizeMb: 32 };

/** The thread looks so often, where nothing comes, whether its interface is there. */
const QUIET_MS = 10_000;

/** Of a machine with these calls. @param quietMs as `EarsData` has it */
export const threadFrames =
  (calls: SystemCalls, quietMs = QUIET_MS): HoldFrames =>
  (name, sought, told) => {
    try {
      const socket = openPacketDescriptor(calls, name, { filter: frameFilter, room: ROOM });
      return new ThreadFrames(calls, { name, sought, quietMs, socket }, told);
    } catch (reason) {
      queueMicrotask(() => told.onEnd(messageOf(reason)));
      return { send: () => false, close: async () => undefined };
    }
  };

type Hearing = {
  readonly name: string;
  readonly sought: SoughtMessages;
  readonly quietMs: number;
  readonly socket: PacketDescriptor;
};

/** The thread, its socket and its bell. */
class ThreadFrames implements FrameHolder {
  readonly #calls: SystemCalls;
  readonly #socket: PacketDescriptor;
  readonly #bell: number;
  readonly #worker: Worker;
  readonly #waiting = new Int32Array(new SharedArrayBuffer(4));
  #isOpen = true;
  /** A process that ends waits for its threads. */
  readonly #ring = () => void writeSync(this.#bell, RING);

  constructor(calls: SystemCalls, { socket, ...wishes }: Hearing, told: Told) {
    this.#calls = calls;
    this.#socket = socket;
    this.#bell = calls.eventCounter(0, BELL);
    const { fd: wire, index } = socket;
    const data = { ...wishes, wire, bell: this.#bell, index, waiting: this.#waiting };
    this.#worker = this.#start(data);
    process.on('exit', this.#ring);
    this.#listen(told);
  }

  send = (frame: Uint8Array): boolean => {
    if (!this.#isOpen) return false;
    const { buffer, byteOffset, length } = frame;
    const bytes = Buffer.from(buffer, byteOffset, length);
    return this.#calls.sendTo(this.#socket.fd, bytes, MSG_DONTWAIT, this.#socket.name) === length;
  };

  close = async (): Promise<void> => {
    if (!this.#isOpen) return;
    const ended = once(this.#worker, 'exit');
    this.#ring();
    await ended;
  };

  /** @throws {Error} where there is no bell, or no program; the descriptors are closed then */
  #start(data: EarsData): Worker {
    try {
      if (data.bell < 0) throw new Error('there is no eventfd');
      return new Worker(programFile(), {
        workerData: data,
        name: 'frames',
        resourceLimits: LIMITS,
        env: SHARE_ENV,
      });
    } catch (reason) {
      this.#closeDescriptors();
      throw reason;
    }
  }

  #listen({ onMac, onFrame, onEnd }: Told): void {
    let complaint: string | undefined;
    this.#worker.on('message', (message: 'hears' | Uint8Array<ArrayBuffer>) => {
      if (message === 'hears') return onMac(this.#socket.mac);
      Atomics.sub(this.#waiting, 0, message.length);
      splitFrames(Buffer.from(message.buffer), onFrame);
    });
    this.#worker.on('error', (reason) => {
      complaint = messageOf(reason);
    });
    this.#worker.on('exit', (code) => {
      process.off('exit', this.#ring);
      this.#closeDescriptors();
      onEnd(complaint ?? `its thread ended with ${code}`);
    });
  }

  #closeDescriptors(): void {
    this.#isOpen = false;
    this.#calls.close(this.#socket.fd);
    if (this.#bell >= 0) this.#calls.close(this.#bell);
  }
}

function programFile(): string {
  const files = PROGRAMS.map((name) => join(import.meta.dirname, name));
  const found = files.find((file) => existsSync(file));
  if (found !== undefined) return found;
  throw new Error(`there is none of ${files.join(', ')}`);
}
