/** The DHCP options that have a name here. Any other survives as raw bytes, see `DhcpPacket.unknownOptions`. */
import { bytes, ip, ipList, type OptionCodec, text, u8List, u16, u16List, u32 } from './codecs.ts';
import { messageType } from './message-type.ts';
import { userClass } from './user-class.ts';

type OptionRow = {
  readonly code: number;
  readonly codec: {
    readonly decode: OptionCodec<unknown>['decode'];
    readonly encode: (value: never) => Uint8Array;
  };
  readonly rfc: string;
};

/** Each name with its code (0 to 255), the form of its value, and where it is defined. */
export const dhcpOptions = {
  subnetMask: { code: 1, codec: ip, rfc: 'RFC 2132 §3.3' },
  routers: { code: 3, codec: ipList, rfc: 'RFC 2132 §3.5' },
  dnsServers: { code: 6, codec: ipList, rfc: 'RFC 2132 §3.8' },
  logServers: { code: 7, codec: ipList, rfc: 'RFC 2132 §3.9' },
  hostName: { code: 12, codec: text, rfc: 'RFC 2132 §3.14' },
  domainName: { code: 15, codec: text, rfc: 'RFC 2132 §3.17' },
  rootPath: { code: 17, codec: text, rfc: 'RFC 2132 §3.19' },
  interfaceMtu: { code: 26, codec: u16, rfc: 'RFC 2132 §5.1' },
  broadcastAddress: { code: 28, codec: ip, rfc: 'RFC 2132 §5.3' },
  ntpServers: { code: 42, codec: ipList, rfc: 'RFC 2132 §8.3' },
  vendorSpecific: { code: 43, codec: bytes, rfc: 'RFC 2132 §8.4' },
  requestedAddress: { code: 50, codec: ip, rfc: 'RFC 2132 §9.1' },
  leaseTime: { code: 51, codec: u32, rfc: 'RFC 2132 §9.2' },
  messageType: { code: 53, codec: messageType, rfc: 'RFC 2132 §9.6' },
  serverIdentifier: { code: 54, codec: ip, rfc: 'RFC 2132 §9.7' },
  parameterRequestList: { code: 55, codec: u8List, rfc: 'RFC 2132 §9.8' },
  message: { code: 56, codec: text, rfc: 'RFC 2132 §9.9' },
  maxMessageSize: { code: 57, codec: u16, rfc: 'RFC 2132 §9.10' },
  renewalTime: { code: 58, codec: u32, rfc: 'RFC 2132 §9.11' },
  rebindingTime: { code: 59, codec: u32, rfc: 'RFC 2132 §9.12' },
  vendorClass: { code: 60, codec: text, rfc: 'RFC 2132 §9.13' },
  clientIdentifier: { code: 61, codec: bytes, rfc: 'RFC 2132 §9.14' },
  tftpServerName: { code: 66, codec: text, rfc: 'RFC 2132 §9.4' },
  bootFileName: { code: 67, codec: text, rfc: 'RFC 2132 §9.5' },
  userClass: { code: 77, codec: userClass, rfc: 'RFC 3004 §4' },
  clientFqdn: { code: 81, codec: bytes, rfc: 'RFC 4702 §2' },
  relayAgent: { code: 82, codec: bytes, rfc: 'RFC 3046 §2' },
  clientArchitecture: { code: 93, codec: u16List, rfc: 'RFC 4578 §2.1' },
  clientInterface: { code: 94, codec: bytes, rfc: 'RFC 4578 §2.2' },
  clientUuid: { code: 97, codec: bytes, rfc: 'RFC 4578 §2.3' },
  /** Encapsulated options of iPXE, private use. */
  ipxe: { code: 175, codec: bytes, rfc: 'RFC 2132 §2' },
} as const satisfies Record<string, OptionRow>;

/** The name by which code, types and logs call an option, such as `leaseTime` for option 51. */
export type DhcpOptionName = keyof typeof dhcpOptions;

/** Times are in seconds, addresses dotted text. */
export type DhcpOptions = {
  readonly [Name in DhcpOptionName]?: NonNullable<
    ReturnType<(typeof dhcpOptions)[Name]['codec']['decode']>
  >;
};
