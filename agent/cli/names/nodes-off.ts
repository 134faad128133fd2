// Virtual nodes that are powered off: whoever waits for what they do is told, since nothing comes until somebody powers them on.
import type { Client } from '../client.ts';

/** Says of each node only once that it is powered off. */
export class NodesOff {
  readonly #client: Client;
  readonly #say: (text: string) => unknown;
  readonly #said = new Set<string>();

  constructor(client: Client, say: (text: string) => unknown) {
    this.#client = client;
    this.#say = say;
  }

  /** Asks the server which of these are off now. */
  async tell(names: readonly string[]): Promise<void> {
    if (names.length === 0) return;
    const { nodes } = await this.#client.call('nodes.list');
    const keys = new Set(names.map((name) => name.toLowerCase()));
    for (const { name, poweredOff } of nodes) {
      if (!poweredOff || !keys.has(name.toLowerCase()) || this.#said.has(name)) continue;
      this.#said.add(name);
      await this.#say(`${name} is powered off: walt node power ${name} on`);
    }
  }
}
