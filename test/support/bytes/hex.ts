/** Packets written by hand: hexadecimal with spaces, and comments from `;` to the end of a line. */
export function hex(text: string): Uint8Array {
  const digits = text.replace(/;.*$/gm, '').replace(/\s+/g, '');
  if (digits.length % 2 !== 0 || /[^0-9a-f]/i.test(digits)) {
    throw new TypeError(`Cannot read hexadecimal ${JSON.stringify(digits)}`);
  }
  return Uint8Array.from(Buffer.from(digits, 'hex'));
}
