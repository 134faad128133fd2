/**
 * A second socket on a port, for one client alone. It is connected: the kernel looks up the way to the client once, not for each
 * datagram, and gives it what this client says. All others reach the first socket as before, and so does the client while the lane is
 * parked. Node watches the first socket alone: a lane is for whoever looks by themselves.
 */
import { release } from 'node:os';
import { lasting } from './message-headers.ts';
import type { Place } from './place.ts';
import type { SystemCalls } from './system-calls.ts';

/** By Linux: AF_INET; SOCK_DGRAM with SOCK_NONBLOCK and SOCK_CLOEXEC. */
const AF_INET = 2;
const TYPE = 2 | 0o4000 | 0o2000000;
const SOL_SOCKET = 1;
const SO_REUSEPORT = 15;
/** RFC 863: nobody sends from there. */
const DISCARD = 9;

/**
 * Kernels before this one give what a client says to any socket of its port, also to one that is connected to somebody else: half of all
 * clients would not be heard while their lanes are parked (udp(7) does not say so; net/ipv4/udp.c, `udp4_lib_lookup2`).
 */
const SINCE = [5, 4] as const;

/** Where a port is, and its first socket. */
export type LanePort = { readonly fd: number; readonly here: Place };

/** Parked, from `open()` on. */
export class UdpLane {
  readonly fd: number;
  readonly #calls: SystemCalls;
  readonly #client: Buffer;
  readonly #nobody: Buffer;
  #isJoined = false;

  private constructor(fd: number, calls: SystemCalls, places: { client: Place; nobody: Place }) {
    this.fd = fd;
    this.#calls = calls;
    this.#client = nameOf(places.client);
    this.#nobody = nameOf(places.nobody);
  }

  /** @returns undefined where the kernel refuses or is too old, or the port is of all addresses of the machine */
  static open(
    { fd: first, here }: LanePort,
    client: Place,
    calls: SystemCalls,
  ): UdpLane | undefined {
    if (here.address === '0.0.0.0' || !tellsLanesApart(release())) return undefined;
    const fd = calls.socket(AF_INET, TYPE, 0);
    if (fd < 0) return undefined;
    // Only now may the first one share its port: from the beginning, the kernel could have chosen one for it that another socket has.
    const mayShare = share(first, calls) && share(fd, calls);
    const nobody = { address: here.address, port: DISCARD };
    const lane = new UdpLane(fd, calls, { client, nobody });
    if (mayShare && calls.bind(fd, nameOf(here)) === 0 && lane.park()) return lane;
    calls.close(fd);
    return undefined;
  }

  /** From now on it hears the client, and nobody else. @returns whether it does */
  join(): boolean {
    this.#isJoined ||= this.#calls.connect(this.fd, this.#client) === 0;
    return this.#isJoined;
  }

  /** From now on the first socket hears the client; what it said before still lies here. @returns whether it is so */
  park(): boolean {
    this.#isJoined = false;
    return this.#calls.connect(this.fd, this.#nobody) === 0;
  }

  /** What lies here is lost. */
  close(): void {
    this.#calls.close(this.fd);
  }
}

/** @param kernel its version, as `uname -r` says it */
export function tellsLanesApart(kernel: string): boolean {
  const [major = 0, minor = 0] = kernel.split(/[.-]/, 2).map(Number);
  return major > SINCE[0] || (major === SINCE[0] && minor >= SINCE[1]);
}

function share(fd: number, calls: SystemCalls): boolean {
  const yes = lasting(4);
  yes.writeInt32LE(1);
  return calls.setOption(fd, SOL_SOCKET, SO_REUSEPORT, yes) === 0;
}

/** `sockaddr_in`: family, port (highest byte first), address. */
function nameOf({ address, port }: Place): Buffer {
  const name = lasting(16);
  name.writeUInt16LE(AF_INET, 0);
  name.writeUInt16BE(port, 2);
  name.set(address.split('.').map(Number), 4);
  return name;
}
