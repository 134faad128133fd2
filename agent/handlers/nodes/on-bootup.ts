// A node says that it is booted, by a connection that lasts as long as its system runs.

import type { Registry } from '../../devices/registry.ts';
import type { ServerEvent } from '../../events/event.ts';

/** One connection of a node. */
export type BootupLink = {
  readonly events: readonly ServerEvent[];
  /** called once when the connection is over, with why */
  readonly onEnd: (cause: string) => readonly ServerEvent[];
};

/** Which nodes are connected: the newest connection of a node counts. */
export class BootupLinks {
  readonly #registry: Registry;
  readonly #isRebooting: (mac: string) => boolean;
  readonly #links = new Map<string, symbol>();

  /** @param isRebooting has the node been told to reboot, and not begun to boot again? */
  constructor(registry: Registry, isRebooting: (mac: string) => boolean) {
    this.#registry = registry;
    this.#isRebooting = isRebooting;
  }

  /**
   * A node connected from `address`.
   * @returns undefined for an address of no known node, and for a node that is about to reboot: it asks again
   */
  open(address: string): BootupLink | undefined {
    const device = this.#registry.byIp(address);
    if (device?.type !== 'node') return undefined;
    const { mac } = device;
    if (this.#isRebooting(mac)) return undefined;
    const link = Symbol(mac);
    this.#links.set(mac, link);
    return {
      events: [{ kind: 'signal', mac, signal: { kind: 'booted' } }],
      onEnd: (cause) => this.#close(mac, link, cause),
    };
  }

  #close(mac: string, link: symbol, cause: string): ServerEvent[] {
    if (this.#links.get(mac) !== link) return [];
    this.#links.delete(mac);
    return [{ kind: 'signal', mac, signal: { kind: 'down', cause, method: 'server-detected' } }];
  }
}
