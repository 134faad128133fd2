// A serial line of the server, at whose other end a board has its console. An adapter that is pulled out is waited for.
import { closeSync, constants, openSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { isatty, ReadStream } from 'node:tty';
import { messageOf, RequestError, WaltError } from '../errors.ts';
import { every } from '../host/clock/every.ts';
import { runProgram } from '../host/processes/program.ts';
import type { DeviceConsole } from './console.ts';

type Options = {
  readonly line: { readonly path: string; readonly speed: number };
  readonly console: DeviceConsole;
  readonly onProblem: (reason: unknown) => void;
  /** takes the file for this device; false where another device has it */
  readonly claim: (file: string) => boolean;
};

const LOOK_MS = 1000;
/** As it comes: no echo, no signals, no waiting for a modem. */
const RAW = ['raw', '-echo', '-echoe', '-echok', 'clocal', '-crtscts', '-hupcl', 'cs8', '-parenb'];

/** Opens the line, again whenever it is gone, until it is closed. */
export class SerialLine {
  readonly #options: Options;
  readonly #stopLooking: () => void;
  #stream: ReadStream | undefined;
  #trouble: string | undefined;
  #isClosed = false;

  constructor(options: Options) {
    this.#options = options;
    options.console.setInput('serial', { type: (bytes) => this.#type(bytes) });
    const look = () => this.#look();
    this.#stopLooking = every(LOOK_MS, look, options.onProblem);
    look().catch(options.onProblem);
  }

  /** Lets go of the line. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#stopLooking();
    this.#options.console.setInput('serial', undefined);
    this.#stream?.destroy();
  }

  async #look(): Promise<void> {
    if (this.#stream !== undefined || this.#isClosed) return;
    try {
      await this.#open();
      this.#trouble = undefined;
    } catch (reason) {
      const trouble = messageOf(reason);
      // The same again is no news.
      if (trouble !== this.#trouble) {
        this.#options.onProblem(
          `Cannot open the serial line ${this.#options.line.path}: ${trouble}`,
        );
      }
      this.#trouble = trouble;
    }
  }

  async #open(): Promise<void> {
    const { line, claim } = this.#options;
    const file = await realpath(line.path);
    if (!claim(file)) throw new WaltError('another device has it as its console');
    await runProgram('stty', ['-F', file, String(line.speed), ...RAW]);
    // Not to be waited for: a modem's line would keep an opener until it is called.
    const descriptor = openSync(file, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK);
    if (isatty(descriptor)) return this.#listen(new ReadStream(descriptor));
    closeSync(descriptor);
    throw new WaltError('it is no serial line');
  }

  #listen(stream: ReadStream): void {
    const lose = () => {
      if (this.#stream === stream) this.#stream = undefined;
      stream.destroy();
    };
    stream.on('error', lose).on('close', lose).on('end', lose);
    stream.on('data', (bytes: Buffer) => {
      // The line is read no faster than the record takes it.
      stream.pause();
      this.#options.console.hear('serial', bytes).finally(() => stream.resume());
    });
    this.#stream = stream;
    if (this.#isClosed) lose();
  }

  async #type(bytes: Uint8Array): Promise<void> {
    const stream = this.#stream;
    if (stream === undefined) {
      throw new RequestError(
        409,
        `Nothing takes what you type: the serial line ${this.#options.line.path} is not open (${this.#trouble ?? 'it is being opened'})`,
      );
    }
    await new Promise<void>((resolve, reject) => {
      stream.write(bytes, (reason) => (reason ? reject(reason) : resolve()));
    });
  }
}
