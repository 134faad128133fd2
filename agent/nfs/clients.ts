// Which nodes have their root file system mounted, as told by the kernel's table of TCP connections.
import { readFileSync } from 'node:fs';
import { tcpTable } from './tcp-table.ts';

/** Remote IPv4 addresses that are connected to the NFS server, each with its ports there. */
export type NfsConnections = ReadonlyMap<string, ReadonlySet<number>>;

const TABLES = ['/proc/net/tcp', '/proc/net/tcp6'];

/** The connections to the NFS server of this network namespace, as they are now. */
export async function readNfsConnections(): Promise<NfsConnections> {
  return nfsConnections(readTcpTables());
}

/**
 * The text of the kernel's tables of TCP connections of this network namespace. It is asked for each second, and the kernel answers at
 * once: to have a thread wait for it costs more.
 */
export function readTcpTables(): string {
  return TABLES.map(readTable).join('\n');
}

/** TCP port of NFS, versions 3 and 4. */
export const NFS_PORT = 2049;
const NFS_PORTS: ReadonlySet<number> = new Set([NFS_PORT]);

/**
 * The remote IPv4 addresses connected to local port 2049, each with its ports there, from the text of
 * /proc/net/tcp and /proc/net/tcp6.
 */
export function nfsConnections(text: string): Map<string, Set<number>> {
  const ends = tcpTable(text, NFS_PORTS).flatMap(({ remoteIp: ip, remotePort: port, state }) =>
    state === 'established' && ip !== undefined ? [{ ip, port }] : [],
  );
  return connectionsOf(ends);
}

/** The same of other ends of connections to that port. */
export function connectionsOf(
  ends: readonly { readonly ip: string; readonly port: number }[],
): Map<string, Set<number>> {
  const clients = new Map<string, Set<number>>();
  for (const { ip, port } of ends) clients.set(ip, (clients.get(ip) ?? new Set()).add(port));
  return clients;
}

/** A kernel without IPv6 has no table for it. */
function readTable(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw thrown;
  }
}
