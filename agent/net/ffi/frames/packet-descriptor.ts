/**
 * A packet socket that hears, opened here for a thread that reads it. Numbers by Linux (packet(7), linux/if_packet.h, linux/filter.h,
 * asm-generic/socket.h).
 */
import { anyMacBy, indexBy } from '../interface-facts.ts';
import { lasting, writeAddress } from '../message-headers.ts';
import type { SystemCalls } from '../system-calls.ts';
import { errorName } from './error-name.ts';
import { AF_PACKET, linkAddress } from './link-address.ts';

/** SOCK_RAW with SOCK_CLOEXEC. */
const TYPE = 3 | 0o2000000;
/** It hears nothing before it is bound. */
const NO_PROTOCOL = 0;
const ETH_P_ALL = 3;
const SOL_SOCKET = 1;
const SO_ATTACH_FILTER = 26;
const [SO_SNDBUFFORCE, SO_RCVBUFFORCE, SO_RCVBUF] = [32, 33, 8];
const SOL_PACKET = 263;
const PACKET_ADD_MEMBERSHIP = 1;
/** PACKET_IGNORE_OUTGOING (Linux 4.20): our own frames wake nobody. */
const PACKET_IGNORE_OUTGOING = 23;
/** PACKET_MR_MULTICAST, and the MAC of all IPv6 routers. */
const MULTICAST = 0;
const ALL_ROUTERS = [0x33, 0x33, 0, 0, 0, 2];
/** What a card has not sent yet: a thousand questions of ARP. */
const SEND_ROOM = 2 << 20;
const INSTRUCTION = 8;
/** ENODEV */
const NO_DEVICE = 19;

/** Instructions of a filter, as `struct sock_filter` has them. */
export type FrameFilter = readonly (readonly [
  code: number,
  yes: number,
  no: number,
  value: number,
])[];

/** One that is open, the number of its interface and the MAC of that, lower-case with colons. */
export type PacketDescriptor = {
  readonly fd: number;
  readonly index: number;
  /** where frames go that are sent: `sockaddr_ll` of the interface */
  readonly name: Buffer;
  readonly mac: string;
};

/**
 * @param room for what comes, in bytes, of which Linux gives twice as many
 * @throws {Error} in words, where there is no such interface, or this process may not have such a socket
 */
export function openPacketDescriptor(
  calls: SystemCalls,
  name: string,
  { filter, room }: { readonly filter: FrameFilter; readonly room: number },
): PacketDescriptor {
  const fd = calls.socket(AF_PACKET, TYPE, NO_PROTOCOL);
  if (fd < 0) throw refusal(`packet socket on ${name}`, calls.errno());
  try {
    const [index, mac] = [indexBy(calls, name), anyMacBy(calls, name)];
    if (index === undefined || mac === undefined) throw refusal(`index on ${name}`, NO_DEVICE);
    setUp(calls, fd, { name, index, filter, room });
    return { fd, index, mac, name: linkAddress(index, ETH_P_ALL) };
  } catch (reason) {
    calls.close(fd);
    throw reason;
  }
}

type Wish = {
  readonly name: string;
  readonly index: number;
  readonly filter: FrameFilter;
  readonly room: number;
};

function setUp(calls: SystemCalls, fd: number, { name, index, filter, room }: Wish): void {
  const must = (what: string, result: number) => {
    if (result !== 0) throw refusal(`${what} on ${name}`, calls.errno());
  };
  const set = (level: number, option: number, value: Buffer) =>
    calls.setOption(fd, level, option, value);
  const instructions = lasting(filter.length * INSTRUCTION);
  for (const [at, [code, yes, no, value]] of filter.entries()) {
    instructions.writeUInt16LE(code, at * INSTRUCTION);
    instructions[at * INSTRUCTION + 2] = yes;
    instructions[at * INSTRUCTION + 3] = no;
    instructions.writeUInt32LE(value, at * INSTRUCTION + 4);
  }
  const program = lasting(16);
  program.writeUInt16LE(filter.length);
  writeAddress(program, 8, calls.addressOf(instructions));
  must('filter', set(SOL_SOCKET, SO_ATTACH_FILTER, program));
  must('membership', set(SOL_PACKET, PACKET_ADD_MEMBERSHIP, membership(index)));
  set(SOL_PACKET, PACKET_IGNORE_OUTGOING, int(1));
  if (set(SOL_SOCKET, SO_RCVBUFFORCE, int(room)) !== 0) set(SOL_SOCKET, SO_RCVBUF, int(room));
  set(SOL_SOCKET, SO_SNDBUFFORCE, int(SEND_ROOM));
  must('bind', calls.bind(fd, linkAddress(index, ETH_P_ALL)));
}

/** `struct packet_mreq` */
function membership(index: number): Buffer {
  const bytes = lasting(16);
  bytes.writeInt32LE(index, 0);
  bytes.writeUInt16LE(MULTICAST, 4);
  bytes.writeUInt16LE(ALL_ROUTERS.length, 6);
  bytes.set(ALL_ROUTERS, 8);
  return bytes;
}

function int(value: number): Buffer {
  const bytes = lasting(4);
  bytes.writeInt32LE(value);
  return bytes;
}

function refusal(what: string, errno: number): Error {
  return new Error(`${what}: ${errorName(errno)}`);
}
