// Conversations with switches: a few at once with each of them, since their processors are small.
import type { SnmpTarget } from './access.ts';
import { type SnmpClient, withSnmp } from './client.ts';
import { PATIENCE, type Patience } from './session.ts';

const AT_ONCE = 4;

/** Lets callers speak to each machine in the order in which they came. */
export class Conversations {
  readonly #patience: Patience;
  readonly #open = new Map<string, { count: number; readonly waiting: (() => void)[] }>();

  constructor(patience: Patience = PATIENCE) {
    this.#patience = patience;
  }

  /** @throws {SnmpError} */
  async have<Result>(
    target: SnmpTarget,
    use: (client: SnmpClient) => Promise<Result>,
  ): Promise<Result> {
    const key = `${target.ip}:${target.port ?? ''}`;
    const open = this.#open.get(key) ?? { count: 0, waiting: [] };
    this.#open.set(key, open);
    if (open.count >= AT_ONCE) await new Promise<void>((go) => open.waiting.push(go));
    else open.count += 1;
    try {
      return await withSnmp(target, use, this.#patience);
    } finally {
      const next = open.waiting.shift();
      if (next === undefined) open.count -= 1;
      if (open.count === 0) this.#open.delete(key);
      next?.();
    }
  }
}
