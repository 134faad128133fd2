// What `walt node console` shows: the bytes as they are, and a line of ours wherever another part of the device speaks.
import type { ConsoleLine } from '../../api/calls/people/consoles.ts';
import { timeOfDay } from '../texts/time.ts';

type Output = Extract<ConsoleLine, { readonly kind: 'output' }>;

const NEWLINE = 0x0a;
const RETURN = 0x0d;

/** Remembers who spoke last, and whether their line has ended. */
export class ConsoleScreen {
  #source: Output['source'] | undefined;
  #isInLine = false;

  /** The bytes for the terminal. Lines that came by UDP have no return before their end. */
  take({ source, at, data }: Output): Uint8Array {
    const bytes = Buffer.from(data, 'base64');
    if (bytes.length === 0) return bytes;
    const shown = source === 'serial' ? bytes : withReturns(bytes);
    const isOther = source !== this.#source && source !== 'server';
    const head = isOther ? this.note(`${source}, ${timeOfDay(at)}`) : new Uint8Array();
    if (isOther) this.#source = source;
    this.#isInLine = bytes.at(-1) !== NEWLINE;
    return Buffer.concat([head, shown]);
  }

  /** A line of the command itself. */
  note(text: string): Uint8Array {
    const start = this.#isInLine ? '\r\n' : '';
    this.#isInLine = false;
    return Buffer.from(`${start}[walt: ${text}]\r\n`);
  }
}

function withReturns(bytes: Uint8Array): Uint8Array {
  const shown: number[] = [];
  for (const [index, byte] of bytes.entries()) {
    if (byte === NEWLINE && bytes[index - 1] !== RETURN) shown.push(RETURN);
    shown.push(byte);
  }
  return Uint8Array.from(shown);
}
