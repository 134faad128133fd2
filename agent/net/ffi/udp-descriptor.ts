/** A UDP socket whose descriptor is known: Node does not tell that of its own. */
import type { Place } from './place.ts';
import type { SystemCalls } from './system-calls.ts';

/** By Linux: AF_INET; SOCK_DGRAM with SOCK_NONBLOCK and SOCK_CLOEXEC. */
const AF_INET = 2;
const SOL_SOCKET = 1;
const SO_RCVBUFFORCE = 33;
const TYPE = 2 | 0o4000 | 0o2000000;

/** @returns a bound one; undefined where there is none, and Node is to say why */
export function openUdpDescriptor(
  { address, port }: Place,
  calls: SystemCalls | undefined,
): number | undefined {
  if (calls === undefined) return undefined;
  const fd = calls.socket(AF_INET, TYPE, 0);
  if (fd < 0) return undefined;
  const name = Buffer.alloc(16);
  name.writeUInt16LE(AF_INET, 0);
  name.writeUInt16BE(port, 2);
  name.set(address.split('.').map(Number), 4);
  if (calls.bind(fd, name) === 0) return fd;
  calls.close(fd);
  return undefined;
}

/** More room for what comes at once than everybody may have. Refused without privilege, which does no harm. */
export function forceReceiveBuffer(fd: number, bytes: number, calls: SystemCalls): void {
  const value = Buffer.alloc(4);
  value.writeInt32LE(bytes);
  calls.setOption(fd, SOL_SOCKET, SO_RCVBUFFORCE, value);
}
