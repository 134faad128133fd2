/** IPv4 addresses as dotted text, as u32, and the subnet that an address with a prefix lies in. */

/**
 * An IPv4 network of 4 or more addresses, all as dotted text. The lowest address (`network`) names it, the highest one
 * (`broadcast`) reaches all; machines have those between.
 */
export type Subnet = {
  /** The address that was given, e.g. the server's own. */
  readonly address: string;
  readonly prefixLength: number;
  readonly netmask: string;
  readonly network: string;
  readonly broadcast: string;
  readonly firstHost: string;
  readonly lastHost: string;
};

/** Whether `text` is a dotted IPv4 address. `192.168.152.01` is none: some programs take 01 for octal. */
export function isIp(text: string): boolean {
  return readIp(text) !== undefined;
}

/** Throws TypeError for anything but four decimal numbers without leading zeros. */
export function ipToNumber(text: string): number {
  const value = readIp(text);
  if (value !== undefined) return value;
  throw new TypeError(`Cannot read IPv4 address ${JSON.stringify(text)}, expected 192.168.152.1`);
}

/** Dotted text of an address as u32, its first part in the highest byte. Throws RangeError for what is no u32. */
export function numberToIp(value: number): string {
  if (!Number.isInteger(value) || value < 0 || value > 0xffffffff) {
    throw new RangeError(`Cannot write ${value} as an IPv4 address`);
  }
  return `${value >>> 24}.${(value >>> 16) & 0xff}.${(value >>> 8) & 0xff}.${value & 0xff}`;
}

/** Reads character by character, which is faster than a regular expression: every packet has a dozen addresses. */
function readIp(text: string): number | undefined {
  let value = 0;
  let part = -1;
  let parts = 1;
  for (let at = 0; at < text.length; at += 1) {
    const digit = text.charCodeAt(at) - 48;
    if (digit >= 0 && digit <= 9) {
      if (part === 0) return undefined;
      part = Math.max(part, 0) * 10 + digit;
      if (part > 255) return undefined;
    } else {
      if (text[at] !== '.' || part < 0) return undefined;
      value = value * 256 + part;
      part = -1;
      parts += 1;
    }
  }
  return parts === 4 && part >= 0 ? value * 256 + part : undefined;
}

/** How many addresses a network has for machines. */
export function hostCount({ firstHost, lastHost }: Subnet): number {
  return ipToNumber(lastHost) - ipToNumber(firstHost) + 1;
}

/** Reads `192.168.152.1/24`. Prefixes of 31 and 32 have no room for a network and its broadcast: TypeError. */
export function parseCidr(text: string): Subnet {
  const [, address = '', prefix = ''] = /^([\d.]+)\/(\d{1,2})$/.exec(text) ?? [];
  const prefixLength = Number(prefix);
  if (!isIp(address) || prefixLength < 1 || prefixLength > 30) {
    throw new TypeError(`Cannot read network ${JSON.stringify(text)}, expected 192.168.152.1/24`);
  }
  const size = 2 ** (32 - prefixLength);
  const network = Math.floor(ipToNumber(address) / size) * size;
  return {
    address,
    prefixLength,
    netmask: numberToIp(2 ** 32 - size),
    network: numberToIp(network),
    broadcast: numberToIp(network + size - 1),
    firstHost: numberToIp(network + 1),
    lastHost: numberToIp(network + size - 2),
  };
}

/** Whether `address` is one that a host of `subnet` may have. */
export function isHostOf(subnet: Subnet, address: string): boolean {
  const value = ipToNumber(address);
  return value >= ipToNumber(subnet.firstHost) && value <= ipToNumber(subnet.lastHost);
}
