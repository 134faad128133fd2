// What the kernel tells of a server's process: memory, descriptors, connections.
import { readdir, readFile } from 'node:fs/promises';

/** Of one moment, but for the most that the memory ever was. */
export type Reading = {
  /** bytes; VmHWM and VmRSS of proc(5) */
  readonly mostMemory: number;
  readonly memory: number;
  readonly descriptors: number;
  /** TCP connections that the process has accepted, by its port: of each address */
  readonly connections: ReadonlyMap<number, ReadonlyMap<string, number>>;
};

const ESTABLISHED = '01';

/** @throws where no such process runs */
export async function readProcess(pid: number): Promise<Reading> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const bytes = (name: string) =>
    Number(status.match(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm'))?.[1]) * 1024;
  return {
    ...{ mostMemory: bytes('VmHWM'), memory: bytes('VmRSS') },
    descriptors: (await readdir(`/proc/${pid}/fd`)).length,
    connections: connectionsOf(await readFile(`/proc/${pid}/net/tcp`, 'utf8')),
  };
}

/** The most of one address, and of all together, at a port. */
export function shareOf({ connections }: Reading, port: number) {
  const counts = [...(connections.get(port)?.values() ?? [])];
  return { perAddress: Math.max(0, ...counts), inAll: counts.reduce((sum, more) => sum + more, 0) };
}

/**
 * Lines of /proc/net/tcp: number, local and remote address as hex, state, and later the inode, which is 0 of what nobody
 * has accepted yet.
 */
function connectionsOf(text: string): Map<number, Map<string, number>> {
  const found = new Map<number, Map<string, number>>();
  for (const line of text.split('\n').slice(1)) {
    const [, local = '', remote = '', state, ...rest] = line.trim().split(/\s+/);
    if (state !== ESTABLISHED || rest[5] === '0') continue;
    const port = Number.parseInt(local.split(':')[1] ?? '', 16);
    const [address = ''] = remote.split(':');
    const ofPort = found.get(port) ?? new Map<string, number>();
    ofPort.set(address, (ofPort.get(address) ?? 0) + 1);
    found.set(port, ofPort);
  }
  return found;
}
