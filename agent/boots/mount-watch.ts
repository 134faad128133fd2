// Sees that a booting node has mounted its root, from the TCP connections to the NFS server. It works for every
// image, whatever mounts there.
import type { Registry } from '../devices/registry.ts';
import type { ServerEvent } from '../events/event.ts';
import type { NfsConnections } from '../nfs/clients.ts';
import type { BootBook } from './boot-book.ts';

type Options = {
  readonly boots: Pick<BootBook, 'inState' | 'statusOf'>;
  readonly registry: Pick<Registry, 'byMac'>;
  /** the connections to the NFS server as they are now */
  readonly connections: () => Promise<NfsConnections>;
};

/** Looks at the connections to the NFS server, again and again. */
export class MountWatch {
  readonly #options: Options;
  /** Connections that were there when a boot began: left over from a boot that was cut off. */
  readonly #stale = new Map<string, { readonly since: number; readonly ports: Set<number> }>();

  constructor(options: Options) {
    this.#options = options;
  }

  /** One look: a `mounted` signal for each node that was loading files and has a new connection. */
  async look(): Promise<ServerEvent[]> {
    const { boots, connections: read } = this.#options;
    const loading = new Set(boots.inState('dhcp', 'files'));
    for (const mac of this.#stale.keys()) if (!loading.has(mac)) this.#stale.delete(mac);
    if (loading.size === 0) return [];
    const connections = await read();
    return [...loading]
      .filter((mac) => this.#isMounted(mac, connections))
      .map((mac) => ({ kind: 'signal', mac, signal: { kind: 'mounted' } }));
  }

  #isMounted(mac: string, connections: NfsConnections): boolean {
    const { boots, registry } = this.#options;
    const ports = connections.get(registry.byMac(mac)?.ip ?? '') ?? new Set<number>();
    const { state, since = 0 } = boots.statusOf(mac);
    const stale = this.#stale.get(mac);
    if (stale?.since !== since) {
      this.#stale.set(mac, { since, ports: new Set(ports) });
      return false;
    }
    return state === 'files' && [...ports].some((port) => !stale.ports.has(port));
  }
}
