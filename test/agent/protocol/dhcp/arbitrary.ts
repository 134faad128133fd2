/** Random DHCP packets of every shape the codec can write, for property tests. */
import fc from 'fast-check';
import { dhcpOptions } from '../../../../agent/protocol/dhcp/options.ts';
import type { DhcpPacket } from '../../../../agent/protocol/dhcp/packet.ts';
import { numberToIp } from '../../../../agent/protocol/ip.ts';
import { bytesToMac } from '../../../../agent/protocol/mac.ts';

const u8 = fc.integer({ min: 0, max: 0xff });
const u16 = fc.integer({ min: 0, max: 0xffff });
const u32 = fc.integer({ min: 0, max: 0xffffffff });
const ip = u32.map(numberToIp);
const ips = fc.array(ip, { minLength: 1, maxLength: 5 });
const bytes = fc.uint8Array({ maxLength: 40 });
const letters = (maxLength: number) =>
  fc.string({
    unit: fc.integer({ min: 1, max: 255 }).map((code) => String.fromCharCode(code)),
    maxLength,
  });
const text = letters(600);

const options = fc.record(
  {
    subnetMask: ip,
    routers: ips,
    dnsServers: ips,
    hostName: text,
    domainName: text,
    rootPath: text,
    interfaceMtu: u16,
    broadcastAddress: ip,
    ntpServers: ips,
    vendorSpecific: bytes,
    requestedAddress: ip,
    leaseTime: u32,
    messageType: fc.constantFrom(
      'discover',
      'offer',
      'request',
      'decline',
      'ack',
      'nak',
      'release',
      'inform',
    ),
    serverIdentifier: ip,
    parameterRequestList: fc.array(u8, { maxLength: 60 }),
    message: text,
    maxMessageSize: u16,
    renewalTime: u32,
    rebindingTime: u32,
    vendorClass: text,
    clientIdentifier: bytes,
    tftpServerName: text,
    bootFileName: text,
    userClass: fc.oneof(
      fc.record({
        form: fc.constant('list' as const),
        values: fc.array(
          letters(40).filter((value) => value.length > 0),
          { minLength: 1, maxLength: 4 },
        ),
      }),
      fc.constantFrom('walt.node.pc-x86-64', 'iPXE', '').map((value) => ({
        form: 'raw' as const,
        values: [value],
      })),
    ),
    relayAgent: bytes,
    clientArchitecture: fc.array(u16, { minLength: 1, maxLength: 4 }),
    clientInterface: bytes,
    clientUuid: bytes,
    ipxe: fc.uint8Array({ maxLength: 700 }),
  },
  { requiredKeys: [] },
);

const namedCodes = new Set<number>(Object.values(dhcpOptions).map(({ code }) => code));

const unknownOptions = fc.uniqueArray(
  fc.record({
    code: fc.integer({ min: 1, max: 254 }).filter((code) => code !== 52 && !namedCodes.has(code)),
    bytes: fc.uint8Array({ maxLength: 300 }),
  }),
  { selector: ({ code }) => code, maxLength: 4 },
);

export const anyPacket: fc.Arbitrary<DhcpPacket> = fc
  .record({
    head: fc.record({
      op: fc.constantFrom(1, 2),
      htype: u8,
      hops: u8,
      xid: u32,
      secs: u16,
      flags: u16,
      ciaddr: ip,
      yiaddr: ip,
      siaddr: ip,
      giaddr: ip,
      sname: letters(64),
      file: letters(128),
    }),
    hardware: fc.uint8Array({ maxLength: 16 }),
    options,
    unknownOptions,
  })
  .map(({ head, hardware, options: named, unknownOptions: unknown }) => ({
    ...head,
    hlen: hardware.length,
    chaddr: bytesToMac(hardware),
    options: named,
    ...(unknown.length > 0 ? { unknownOptions: unknown.sort((a, b) => a.code - b.code) } : {}),
  }));
