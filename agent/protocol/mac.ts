/** MAC addresses as lower-case text with colons, the only form that is compared or stored. */

/** Whether `text` is a MAC in that form: six pairs of small hexadecimal digits. */
export function isMac(text: string): boolean {
  return /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/.test(text);
}

/** Hexadecimal with colons, of any length: hardware addresses other than Ethernet's too. */
export function bytesToMac(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += `${text === '' ? '' : ':'}${pairs[byte]}`;
  return text;
}

/**
 * As `bytesToMac`, of the six bytes from `at` on. Made of all its characters at once: V8 keeps a text that is put together as its parts,
 * and makes one of them when it is first looked up.
 */
export function macAt(bytes: Uint8Array, at: number): string {
  const a = bytes[at] ?? 0;
  const b = bytes[at + 1] ?? 0;
  const c = bytes[at + 2] ?? 0;
  const d = bytes[at + 3] ?? 0;
  const e = bytes[at + 4] ?? 0;
  const f = bytes[at + 5] ?? 0;
  // biome-ignore format: a line for each two of its bytes
  return String.fromCharCode(
    digit(a >> 4), digit(a & 15), COLON, digit(b >> 4), digit(b & 15), COLON,
    digit(c >> 4), digit(c & 15), COLON, digit(d >> 4), digit(d & 15), COLON,
    digit(e >> 4), digit(e & 15), COLON, digit(f >> 4), digit(f & 15),
  );
}

/** The opposite of {@link bytesToMac}, of any length. Throws TypeError for capitals and other separators. */
export function macToBytes(text: string): Uint8Array {
  const bytes = new Uint8Array(Math.ceil(text.length / 3));
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = hexDigit(text, 3 * at) * 16 + hexDigit(text, 3 * at + 1);
    const isEnded = at < bytes.length - 1 ? text[3 * at + 2] === ':' : text.length === 3 * at + 2;
    if (Number.isNaN(byte) || !isEnded) {
      throw new TypeError(`Cannot read hardware address ${JSON.stringify(text)}`);
    }
    bytes[at] = byte;
  }
  return bytes;
}

const pairs = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

const COLON = 58;

/** Character of a number below 16: `0` is 48, `a` is 97. */
function digit(value: number): number {
  return value < 10 ? 48 + value : 87 + value;
}

/** Small letters only, as everywhere; NaN for anything else. */
function hexDigit(text: string, at: number): number {
  const code = text.charCodeAt(at);
  if (code >= 48 && code <= 57) return code - 48;
  return code >= 97 && code <= 102 ? code - 87 : Number.NaN;
}
