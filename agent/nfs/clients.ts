// Which nodes have their root file system mounted, as told by the kernel's table of TCP connections.
import { tcpTable } from './tcp-table.ts';

/** TCP port of NFS, versions 3 and 4. */
export const NFS_PORT = 2049;

/**
 * The remote IPv4 addresses connected to local port 2049, each with its ports there, from the text of
 * /proc/net/tcp and /proc/net/tcp6.
 */
export function nfsConnections(text: string): Map<string, Set<number>> {
  const clients = new Map<string, Set<number>>();
  for (const { localPort, remoteIp, remotePort, state } of tcpTable(text)) {
    if (localPort !== NFS_PORT || state !== 'established' || remoteIp === undefined) continue;
    clients.set(remoteIp, (clients.get(remoteIp) ?? new Set()).add(remotePort));
  }
  return clients;
}

/** The remote IPv4 addresses alone. */
export function nfsClients(text: string): Set<string> {
  return new Set(nfsConnections(text).keys());
}
