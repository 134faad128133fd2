/**
 * What the kernel says of an interface, asked without a program. Node lists none without carrier, as a bridge without machines is. A
 * request and its answer are a `struct ifreq` (netdevice(7)): the name in 16 bytes, then what is asked for, as a socket address.
 */
import { lasting } from './message-headers.ts';
import type { SystemCalls } from './system-calls.ts';

const AF_INET = 2;
const SOCK_DGRAM = 2;
const SOCK_CLOEXEC = 0o2000000;
/** linux/sockios.h */
const SIOCGIFINDEX = 0x8933;
const SIOCGIFADDR = 0x8915;
const SIOCGIFNETMASK = 0x891b;
const SIOCGIFHWADDR = 0x8927;
const SIOCGARP = 0x8954;
/** ARPHRD_ETHER (linux/if_arp.h) */
const ETHERNET = 1;
/** `struct arpreq` of the same file: IP address, MAC (each as a socket address of 16 bytes), flags, a mask, and the name of the interface. */
const ARP = { mac: 18, flags: 32, name: 52, length: 68 } as const;
/** ATF_COM: the kernel knows the MAC. */
const IS_KNOWN = 2;
const MAC_LENGTH = 6;
const REQUEST = 40;
/** IFNAMSIZ, with the zero at the end */
const NAME = 16;

/** As its calls: what a question needs. */
type Calls = Pick<SystemCalls, 'socket' | 'ask' | 'close'>;

/** Lower-case with colons. @returns undefined where there is no such interface, or it is not one of Ethernet */
export function macBy(calls: SystemCalls, name: string): string | undefined {
  const [answer] = ask(calls, name, [SIOCGIFHWADDR]) ?? [];
  return answer?.readUInt16LE(NAME) === ETHERNET ? macIn(answer) : undefined;
}

/** As `macBy()`, of an interface of any kind: the loopback has zeros. @returns undefined where there is no such interface */
export function anyMacBy(calls: SystemCalls, name: string): string | undefined {
  const [answer] = ask(calls, name, [SIOCGIFHWADDR]) ?? [];
  return answer && macIn(answer);
}

/** The kernel's number of it. @returns undefined where there is no such interface */
export function indexBy(calls: Calls, name: string): number | undefined {
  const [answer] = ask(calls, name, [SIOCGIFINDEX]) ?? [];
  return answer?.readInt32LE(NAME);
}

/** The first IPv4 address of it with the length of its prefix, as `192.0.2.1/24`. @returns undefined where it has none */
export function firstAddressBy(calls: SystemCalls, name: string): string | undefined {
  const answers = ask(calls, name, [SIOCGIFADDR, SIOCGIFNETMASK]);
  const [address, mask] = (answers ?? []).map((each) => each.subarray(NAME + 4, NAME + 8));
  if (address === undefined || mask === undefined) return undefined;
  const ones = mask.readUInt32BE().toString(2).replaceAll('0', '').length;
  return `${address.join('.')}/${ones}`;
}

/**
 * The MAC of a neighbour, by the kernel's table (arp(7)): of a machine on this very cable that it has sent to.
 * @param address four bytes
 * @returns undefined where it knows none, as behind a router
 */
export function neighbourBy(calls: Calls, name: string, address: Uint8Array): Buffer | undefined {
  if (Buffer.byteLength(name) >= NAME) return undefined;
  const entry = lasting(ARP.length);
  entry.writeUInt16LE(AF_INET);
  entry.set(address, 4);
  entry.write(name, ARP.name);
  const isThere = withSocket(calls, (fd) => calls.ask(fd, SIOCGARP, entry) === 0);
  const isKnown = isThere && (entry.readInt32LE(ARP.flags) & IS_KNOWN) !== 0;
  return isKnown ? entry.subarray(ARP.mac, ARP.mac + MAC_LENGTH) : undefined;
}

function macIn(answer: Buffer): string {
  const bytes = [...answer.subarray(NAME + 2, NAME + 2 + MAC_LENGTH)];
  return bytes.map((byte) => byte.toString(16).padStart(2, '0')).join(':');
}

/** @returns undefined where one of the requests is refused */
function ask(calls: Calls, name: string, requests: readonly number[]): Buffer[] | undefined {
  if (Buffer.byteLength(name) >= NAME) return undefined;
  return withSocket(calls, (fd) => {
    const answers: Buffer[] = [];
    for (const request of requests) {
      const memory = lasting(REQUEST);
      memory.write(name);
      if (calls.ask(fd, request, memory) < 0) return undefined;
      answers.push(memory);
    }
    return answers;
  });
}

/** @returns undefined where there is no socket to ask by */
function withSocket<T>(calls: Calls, work: (fd: number) => T): T | undefined {
  const fd = calls.socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return undefined;
  try {
    return work(fd);
  } finally {
    calls.close(fd);
  }
}
