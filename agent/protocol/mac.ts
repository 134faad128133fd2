/** MAC addresses as lower-case text with colons, the only form that is compared or stored. */

/** Whether `text` is a MAC in that form: six pairs of small hexadecimal digits. */
export function isMac(text: string): boolean {
  return /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/.test(text);
}

/** Accepts any case and `-` as separator; throws TypeError for anything else. */
export function parseMac(text: string): string {
  const mac = text.trim().toLowerCase().replaceAll('-', ':');
  if (isMac(mac)) return mac;
  throw new TypeError(
    `Cannot read MAC address ${JSON.stringify(text)}, expected b8:27:eb:f2:67:82`,
  );
}

/** Hexadecimal with colons, of any length: hardware addresses other than Ethernet's too. */
export function bytesToMac(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += `${text === '' ? '' : ':'}${pairs[byte]}`;
  return text;
}

/** As `bytesToMac`, of the six bytes from `at` on. */
export function macAt(bytes: Uint8Array, at: number): string {
  const pair = (place: number) => pairs[bytes[at + place] ?? 0];
  return `${pair(0)}:${pair(1)}:${pair(2)}:${pair(3)}:${pair(4)}:${pair(5)}`;
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

/** Small letters only, as everywhere; NaN for anything else. */
function hexDigit(text: string, at: number): number {
  const code = text.charCodeAt(at);
  if (code >= 48 && code <= 57) return code - 48;
  return code >= 97 && code <= 102 ? code - 87 : Number.NaN;
}
