/**
 * The few calls of Linux that servers need and Node lacks, by way of koffi. Who calls them hands over memory with its
 * length, and a wrong length would end the server: only the files of this folder do so. Where koffi or its native part is
 * missing, or the machine is another one than those whose structures are written down here, there are none of them, and
 * the server does with what Node has, and with programs.
 */
import { endianness } from 'node:os';

/** Each gives what the call gives: -1 where it failed, and `errno` then says why. */
export type SystemCalls = {
  /** recvmmsg(2): headers, how many, flags */
  readonly receive: (fd: number, headers: Buffer, count: number, flags: number) => number;
  /** sendmmsg(2): the same */
  readonly send: (fd: number, headers: Buffer, count: number, flags: number) => number;
  /** recvfrom(2) into memory at an address, with room for so many bytes; where its sender goes, and the length of that */
  readonly receiveOne: (
    fd: number,
    memory: number,
    room: number,
    flags: number,
    from: number,
    fromLength: number,
  ) => number;
  /** sendto(2) from memory at an address: how many bytes, flags, where to, and the length of that */
  readonly sendOne: (
    fd: number,
    memory: number,
    length: number,
    flags: number,
    to: number,
    toLength: number,
  ) => number;
  /** sendto(2): bytes, flags, address */
  readonly sendTo: (fd: number, bytes: Buffer, flags: number, address: Buffer) => number;
  /** recv(2): into memory, as much as it has room for */
  readonly take: (fd: number, room: Buffer, flags: number) => number;
  readonly socket: (family: number, type: number, protocol: number) => number;
  readonly bind: (fd: number, address: Buffer) => number;
  readonly connect: (fd: number, address: Buffer) => number;
  readonly listen: (fd: number, backlog: number) => number;
  readonly setOption: (fd: number, level: number, name: number, value: Buffer) => number;
  /** ioctl(2) of a request whose argument is memory, with room for all that it writes */
  readonly ask: (fd: number, request: number, argument: Buffer) => number;
  /** adjtimex(2): the state of the clock. `timex` has room for the structure, and is zeroed */
  readonly adjustTime: (timex: Buffer) => number;
  /** posix_fadvise(2): what of a file is in memory, and nobody uses, goes from there. @returns 0, or the number of an error */
  readonly forget: (fd: number) => number;
  /** fcntl(2): the descriptor stays open when this process becomes another program */
  readonly keepOpen: (fd: number) => number;
  /** poll(2): sleeps until something comes to one of so many `struct pollfd`, or so many milliseconds are over */
  readonly poll: (descriptors: Buffer, count: number, timeoutMs: number) => number;
  /** eventfd(2): a descriptor that can be read once eight bytes were written to it; count to begin with, flags */
  readonly eventCounter: (count: number, flags: number) => number;
  /** For a descriptor that was given to nobody. */
  readonly close: (fd: number) => number;
  /** Number of the last error of this thread. */
  readonly errno: () => number;
  /** Where memory lies that neither moves nor is freed while `memory` is reachable. */
  readonly addressOf: (memory: Buffer) => number;
};

/** `struct mmsghdr` is the same on both, with the lowest byte first (x86-64 and AArch64 ABIs). */
const PROCESSORS = ['x64', 'arm64'];
/** F_SETFD (asm-generic/fcntl.h). */
const SET_FLAGS = 2;
/** POSIX_FADV_DONTNEED (linux/fadvise.h). */
const NOT_NEEDED = 4;

let loaded: Promise<SystemCalls | undefined> | undefined;

/** @returns undefined where this machine has none */
export function loadSystemCalls(): Promise<SystemCalls | undefined> {
  loaded ??= load();
  return loaded;
}

async function load(): Promise<SystemCalls | undefined> {
  const isKnown = PROCESSORS.includes(process.arch) && endianness() === 'LE';
  if (process.platform !== 'linux' || !isKnown) return undefined;
  try {
    const { default: koffi } = await import('koffi');
    const libc = koffi.load('libc.so.6');
    const receive = libc.func('int recvmmsg(int, void *, uint32_t, int, void *)');
    const sendTo = libc.func('int sendto(int, void *, size_t, int, void *, uint32_t)');
    const take = libc.func('int recv(int, void *, size_t, int)');
    const bind = libc.func('int bind(int, void *, uint32_t)');
    const connect = libc.func('int connect(int, void *, uint32_t)');
    const setOption = libc.func('int setsockopt(int, int, int, void *, uint32_t)');
    const advise = libc.func('int posix_fadvise(int, int64_t, int64_t, int)');
    const control = libc.func('int fcntl(int, int, int)');
    return {
      receive: (fd, headers, count, flags) => receive(fd, headers, count, flags, null),
      send: libc.func('int sendmmsg(int, void *, uint32_t, int)'),
      receiveOne: libc.func('int recvfrom(int, uintptr_t, size_t, int, uintptr_t, uintptr_t)'),
      sendOne: libc.func('int sendto(int, uintptr_t, size_t, int, uintptr_t, uint32_t)'),
      sendTo: (fd, bytes, flags, address) =>
        sendTo(fd, bytes, bytes.length, flags, address, address.length),
      take: (fd, room, flags) => take(fd, room, room.length, flags),
      socket: libc.func('int socket(int, int, int)'),
      bind: (fd, address) => bind(fd, address, address.length),
      connect: (fd, address) => connect(fd, address, address.length),
      listen: libc.func('int listen(int, int)'),
      ask: libc.func('int ioctl(int, unsigned long, void *)'),
      adjustTime: libc.func('int adjtimex(void *)'),
      setOption: (fd, level, name, value) => setOption(fd, level, name, value, value.length),
      forget: (fd) => advise(fd, 0, 0, NOT_NEEDED),
      keepOpen: (fd) => control(fd, SET_FLAGS, 0),
      poll: libc.func('int poll(void *, unsigned long, int)'),
      eventCounter: libc.func('int eventfd(unsigned int, int)'),
      close: libc.func('int close(int)'),
      errno: () => koffi.errno(),
      addressOf: (memory) => Number(koffi.address(memory)),
    };
  } catch {
    return undefined;
  }
}
