/**
 * Opens the sockets that machines of walt-net come to in this very process, which needs no other program for it and starts once. Where it
 * cannot be done, perl does it (bound-sockets.ts), and says why where that fails, too. Numbers by Linux (asm-generic/socket.h).
 */
import { lasting } from './message-headers.ts';
import type { SystemCalls } from './system-calls.ts';

/** A socket, as perl opens it. */
export type SocketWanted =
  | { readonly kind: 'dhcp'; readonly interface: string }
  | { readonly kind: 'udp' | 'tcp'; readonly address: string; readonly port: number };

const AF_INET = 2;
const SOCK_STREAM = 1;
const SOCK_DGRAM = 2;
const SOCK_CLOEXEC = 0o2000000;
const SOL_SOCKET = 1;
const SO_REUSEADDR = 2;
const SO_BROADCAST = 6;
const SO_BINDTODEVICE = 25;
const SO_RCVBUFFORCE = 33;
const DHCP_PORT = 67;
/** So many connections may wait to be accepted, where the kernel lets them (`somaxconn`): one that finds no room is tried again after 1, 3 and 7 s. */
export const BACKLOG = 4096;
const ROOM = 4 << 20;
/** Ten thousand machines may ask at once; the kernel counts a kilobyte and more for a packet of 300 bytes, and gives twice what it is asked for. */
const DHCP_ROOM = 16 << 20;

/** @returns descriptors in the order of `wanted`; undefined where one of them cannot be had, and then none is open */
export function openSockets(
  wanted: readonly SocketWanted[],
  calls: SystemCalls,
): number[] | undefined {
  const opened: number[] = [];
  for (const socket of wanted) {
    const fd = openSocket(socket, calls);
    if (fd === undefined) {
      for (const other of opened) calls.close(other);
      return undefined;
    }
    opened.push(fd);
  }
  return opened;
}

/** Hears and says nothing elsewhere from now on; also again, where the interface was made anew. @returns false where that is refused */
export function bindToInterface(calls: SystemCalls, fd: number, name: string): boolean {
  return calls.setOption(fd, SOL_SOCKET, SO_BINDTODEVICE, Buffer.from(`${name}\0`)) === 0;
}

function openSocket(wanted: SocketWanted, calls: SystemCalls): number | undefined {
  const kind = wanted.kind === 'tcp' ? SOCK_STREAM : SOCK_DGRAM;
  const fd = calls.socket(AF_INET, kind | SOCK_CLOEXEC, 0);
  if (fd < 0) return undefined;
  if (isReady(fd, wanted, calls)) return fd;
  calls.close(fd);
  return undefined;
}

function isReady(fd: number, wanted: SocketWanted, calls: SystemCalls): boolean {
  const set = (name: number, value: Buffer) => calls.setOption(fd, SOL_SOCKET, name, value) === 0;
  // More room for what comes at once than everybody may have: refused without privilege, which does no harm.
  if (wanted.kind !== 'tcp') set(SO_RCVBUFFORCE, int(wanted.kind === 'dhcp' ? DHCP_ROOM : ROOM));
  if (wanted.kind === 'dhcp') {
    if (!set(SO_BROADCAST, int(1)) || !bindToInterface(calls, fd, wanted.interface)) return false;
    return calls.bind(fd, socketName('0.0.0.0', DHCP_PORT)) === 0;
  }
  if (wanted.kind === 'tcp' && !set(SO_REUSEADDR, int(1))) return false;
  if (calls.bind(fd, socketName(wanted.address, wanted.port)) !== 0) return false;
  return wanted.kind === 'udp' || calls.listen(fd, BACKLOG) === 0;
}

/** `sockaddr_in`: family, port (highest byte first), address. */
function socketName(address: string, port: number): Buffer {
  const name = lasting(16);
  name.writeUInt16LE(AF_INET, 0);
  name.writeUInt16BE(port, 2);
  name.set(address.split('.').map(Number), 4);
  return name;
}

function int(value: number): Buffer {
  const bytes = lasting(4);
  bytes.writeInt32LE(value);
  return bytes;
}
