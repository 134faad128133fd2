/** MAC addresses as lower-case text with colons, the only form that is compared or stored. */

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

export function macToBytes(text: string): Uint8Array {
  if (text === '') return new Uint8Array();
  const bytes = new Uint8Array((text.length + 1) / 3);
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = values.get(text.slice(3 * at, 3 * at + 2));
    const end = text[3 * at + 2];
    if (byte === undefined || end !== (at < bytes.length - 1 ? ':' : undefined)) {
      throw new TypeError(`Cannot read hardware address ${JSON.stringify(text)}`);
    }
    bytes[at] = byte;
  }
  return bytes;
}

const pairs = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
const values: ReadonlyMap<string, number> = new Map(pairs.map((pair, byte) => [pair, byte]));
