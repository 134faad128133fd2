// The bytes of a log line as text: UTF-8 where they are that, and anything else so that each byte can be read off.
import type { CutLine } from './line-cutter.ts';

const UTF_8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The text, with a mark where the line was cut. */
export function lineText({ bytes, missing }: CutLine): string {
  const text = textOf(bytes);
  return missing === 0 ? text : `${text} [cut: ${missing} more bytes]`;
}

function textOf(bytes: Uint8Array): string {
  try {
    return UTF_8.decode(bytes);
  } catch {
    return Array.from(bytes, byteText).join('');
  }
}

function byteText(byte: number): string {
  return byte < 0x80 ? String.fromCharCode(byte) : `\\x${byte.toString(16)}`;
}
