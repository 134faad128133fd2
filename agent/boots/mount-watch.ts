// Sees that a booting node has mounted its root, from the TCP connections to the NFS server. It works for every
// image, whatever mounts there.
import { readFile } from 'node:fs/promises';
import type { Registry } from '../devices/registry.ts';
import type { ServerEvent } from '../events/event.ts';
import { nfsConnections } from '../nfs/clients.ts';
import type { BootBook } from './boot-book.ts';

const TABLES = ['/proc/net/tcp', '/proc/net/tcp6'];

export class MountWatch {
  readonly #boots: BootBook;
  readonly #registry: Registry;
  /** Connections that were there when a boot began: left over from a boot that was cut off. */
  readonly #stale = new Map<string, { readonly since: number; readonly ports: Set<number> }>();

  constructor(boots: BootBook, registry: Registry) {
    this.#boots = boots;
    this.#registry = registry;
  }

  /** One look: a `mounted` signal for each node that was loading files and has a new connection. */
  async look(): Promise<ServerEvent[]> {
    const loading = this.#boots.inState('dhcp', 'files');
    for (const mac of this.#stale.keys()) if (!loading.includes(mac)) this.#stale.delete(mac);
    if (loading.length === 0) return [];
    const texts = await Promise.all(TABLES.map(readTable));
    const connections = nfsConnections(texts.join('\n'));
    return loading
      .filter((mac) => this.#isMounted(mac, connections))
      .map((mac) => ({ kind: 'signal', mac, signal: { kind: 'mounted' } }));
  }

  #isMounted(mac: string, connections: ReadonlyMap<string, ReadonlySet<number>>): boolean {
    const ports = connections.get(this.#registry.byMac(mac)?.ip ?? '') ?? new Set<number>();
    const { state, since = 0 } = this.#boots.statusOf(mac);
    const stale = this.#stale.get(mac);
    if (stale?.since !== since) {
      this.#stale.set(mac, { since, ports: new Set(ports) });
      return false;
    }
    return state === 'files' && [...ports].some((port) => !stale.ports.has(port));
  }
}

/** A kernel without IPv6 has no table for it. */
async function readTable(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw thrown;
  }
}
