/** Who sends a datagram, or gets one: as text, and as one number, which costs less to compare and to hand to the kernel. */

const PORTS = 65_536;

/** A dotted IPv4 address and a UDP port. */
export type Place = {
  readonly address: string;
  readonly port: number;
  /** `placeKey()` of both, where somebody has it ready */
  readonly key?: number;
};

/** A place by its number; its text is made when it is asked for. */
export class Sender implements Place {
  readonly key: number;

  constructor(key: number) {
    this.key = key;
  }

  get port(): number {
    return this.key % PORTS;
  }

  get address(): string {
    const value = addressOf(this.key);
    return `${value >>> 24}.${(value >>> 16) & 255}.${(value >>> 8) & 255}.${value & 255}`;
  }
}

/**
 * Address and port as one number of 48 bits.
 * @throws {TypeError} where the address is no dotted IPv4 address
 */
export function placeKey({ address, port, key }: Place): number {
  if (key !== undefined) return key;
  let value = 0;
  let byte = 0;
  let dots = 0;
  for (let index = 0; index < address.length; index += 1) {
    const code = address.charCodeAt(index);
    if (code === 46) {
      value = value * 256 + byte;
      byte = 0;
      dots += 1;
    } else byte = byte * 10 + code - 48;
  }
  if (dots !== 3) throw new TypeError(`Cannot send to ${address}: it is no IPv4 address`);
  return (value * 256 + byte) * PORTS + port;
}

/** The address of a place's number, as one of 32 bits. */
export function addressOf(key: number): number {
  return Math.floor(key / PORTS);
}
