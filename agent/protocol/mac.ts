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
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(':');
}

export function macToBytes(text: string): Uint8Array {
  if (text === '') return new Uint8Array();
  if (!/^[0-9a-f]{2}(:[0-9a-f]{2})*$/.test(text)) {
    throw new TypeError(`Cannot read hardware address ${JSON.stringify(text)}`);
  }
  return Uint8Array.from(text.split(':'), (pair) => Number.parseInt(pair, 16));
}
