// A serial line of the server, at whose other end a board has its console. An adapter that is pulled out is waited for.
import { messageOf, RequestError, WaltError } from '../errors.ts';
import { every } from '../host/clock/every.ts';
import type { DeviceConsole } from './console.ts';
import type { LineOpener, OpenLine } from './open-line.ts';

type Options = {
  readonly line: { readonly path: string; readonly speed: number };
  readonly console: DeviceConsole;
  readonly onProblem: (reason: unknown) => void;
  readonly open: LineOpener;
  /** takes the file for this device; false where another device has it */
  readonly claim: (file: string) => boolean;
};

const LOOK_MS = 1000;

/** Opens the line, again whenever it is gone, until it is closed. */
export class SerialLine {
  readonly #options: Options;
  readonly #stopLooking: () => void;
  #open: OpenLine | undefined;
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
    this.#open?.close();
  }

  async #look(): Promise<void> {
    if (this.#open !== undefined || this.#isClosed) return;
    try {
      await this.#openLine();
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

  async #openLine(): Promise<void> {
    const { line, claim, open, onProblem } = this.#options;
    const opened = await open(line);
    if (!claim(opened.file)) {
      opened.close();
      throw new WaltError('another device has it as its console');
    }
    this.#open = opened;
    if (this.#isClosed) opened.close();
    this.#listen(opened).catch(onProblem);
  }

  /** The line is read no faster than the record takes it. */
  async #listen(opened: OpenLine): Promise<void> {
    try {
      for await (const bytes of opened.bytes) await this.#options.console.hear('serial', bytes);
    } catch {
      // The adapter was pulled out.
    } finally {
      if (this.#open === opened) this.#open = undefined;
      opened.close();
    }
  }

  async #type(bytes: Uint8Array): Promise<void> {
    const opened = this.#open;
    if (opened === undefined) {
      throw new RequestError(
        409,
        `Nothing takes what you type: the serial line ${this.#options.line.path} is not open (${this.#trouble ?? 'it is being opened'})`,
      );
    }
    await opened.write(bytes);
  }
}
