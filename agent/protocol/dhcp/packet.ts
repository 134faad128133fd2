/** A DHCP packet as a plain object. `decode.ts` makes it from bytes, `encode.ts` bytes from it. */
import type { DhcpOptions } from './options.ts';

/** An option without a name in the table, or whose bytes do not fit its codec. */
export type RawDhcpOption = { readonly code: number; readonly bytes: Uint8Array };

/** Field names as in RFC 2131 §2. Addresses are dotted text. */
export type DhcpPacket = {
  /** 1 from a client, 2 from a server. */
  readonly op: 1 | 2;
  readonly htype: number;
  readonly hlen: number;
  readonly hops: number;
  readonly xid: number;
  readonly secs: number;
  /** The highest bit asks for a broadcast answer. */
  readonly flags: number;
  readonly ciaddr: string;
  readonly yiaddr: string;
  readonly siaddr: string;
  readonly giaddr: string;
  /** `hlen` bytes in hexadecimal with colons: the MAC address where htype is 1 and hlen 6. */
  readonly chaddr: string;
  /** Empty where the field carried options (option 52), which are then among `options`. */
  readonly sname: string;
  readonly file: string;
  readonly options: DhcpOptions;
  /** In the order of the packet; absent where there are none. */
  readonly unknownOptions?: readonly RawDhcpOption[];
};
