// When ports of a switch go on: one after the other, and within the watts that the switch has. Many boards that get their power in one
// moment ask for their files in one moment, and the boot ROMs of some give up for good.
import { setTimeout as sleep } from 'node:timers/promises';
import { WaltError } from '../../errors.ts';
import type { SnmpClient } from '../../snmp/client.ts';
import type { LearntPower } from './learnt.ts';
import type { PoePort } from './poe-port.ts';
import { wattsOf } from './watts.ts';

/** How fast ports go on where nothing is learnt. */
export type Pace = {
  /** milliseconds between two ports of one switch */
  readonly gap: number;
  /** a port waits so many milliseconds for watts */
  readonly patience: number;
};

/** Of 22 Raspberry Pi 3s that got their power together 1 to 5 came up, and 10 of them with a second in between. */
export const PACE: Pace = { gap: 1000, patience: 15_000 };

/** Talks to the switch of a port. */
type Ask = <Result>(use: (client: SnmpClient) => Promise<Result>) => Promise<Result>;

/** Ports that are being switched, and whose turn it is. */
export class Turns {
  readonly #pace: Pace;
  readonly #learnt: Pick<LearntPower, 'gapOf' | 'wattsOf'>;
  readonly #busy = new Set<string>();
  /** when the last port of each switch had its turn */
  readonly #last = new Map<string, Promise<void>>();
  /** ports of each switch that wait for their turn */
  readonly #waiting = new Map<string, number>();
  /** watts that ports may take from now on, and the switch does not count yet; by switch and group */
  readonly #promised = new Map<string, number>();
  /** how often power of each switch was changed */
  readonly #changes = new Map<string, number>();

  constructor(pace: Pace, learnt: Pick<LearntPower, 'gapOf' | 'wattsOf'>) {
    this.#pace = pace;
    this.#learnt = learnt;
  }

  /** Whether somebody works on a port. */
  isBusy({ switch: mac, port }: { readonly switch: string; readonly port: number }): boolean {
    return this.#busy.has(`${mac} ${port}`);
  }

  /** How many ports of a switch wait for their turn. */
  waitingAt(mac: string): number {
    return this.#waiting.get(mac) ?? 0;
  }

  /** Grows with each change of power at a switch that is not this port's: between two equal numbers nothing else has changed. */
  changesAt(mac: string): number {
    return this.#changes.get(mac) ?? 0;
  }

  /** Power of a port is about to change. */
  noteChange({ switch: { mac } }: PoePort): void {
    this.#changes.set(mac, this.changesAt(mac) + 1);
  }

  /** Works on a port on which nobody else works. @throws {WaltError} if somebody does */
  async alone<Result>(port: PoePort, work: () => Promise<Result>): Promise<Result> {
    const key = `${port.switch.mac} ${port.port}`;
    if (this.#busy.has(key)) throw new WaltError(`${port.text} is being switched already`);
    this.#busy.add(key);
    try {
      return await work();
    } finally {
      this.#busy.delete(key);
    }
  }

  /**
   * Gives a port its power when it is its turn, and there are watts for it.
   * @param order tells the switch; the next port waits for it, and for the gap behind it
   * @param prove resolves when the power is there
   */
  async inTurn(
    port: PoePort,
    steps: {
      readonly ask: Ask;
      readonly order: () => Promise<void>;
      readonly prove: () => Promise<void>;
    },
  ): Promise<void> {
    const { mac } = port.switch;
    this.#waiting.set(mac, this.waitingAt(mac) + 1);
    const before = this.#last.get(mac) ?? Promise.resolve();
    const mine = before.then(async () => {
      this.#waiting.set(mac, this.waitingAt(mac) - 1);
      const release = await steps.ask((client) => this.#takeWatts(client, port));
      this.noteChange(port);
      await steps.order().catch((reason: unknown) => {
        release();
        throw reason;
      });
      return release;
    });
    const gap = this.#learnt.gapOf({ switch: mac, model: port.model });
    this.#last.set(
      mac,
      mine.then(
        () => sleep(gap),
        () => undefined,
      ),
    );
    const release = await mine;
    await steps.prove().finally(release);
  }

  /** @returns gives the watts back: the switch counts them itself. @throws {WaltError} if the switch does not get them */
  async #takeWatts(client: Pick<SnmpClient, 'get'>, port: PoePort): Promise<() => void> {
    const until = performance.now() + this.#pace.patience;
    const key = `${port.switch.mac} ${port.index.split('.')[0]}`;
    const known = this.#learnt.wattsOf({ switch: port.switch.mac, model: port.model });
    for (;;) {
      const { mostWatts, free: left } = await wattsOf(client, port);
      const needed = Math.min(known ?? mostWatts, mostWatts);
      const free = left === undefined ? undefined : left - (this.#promised.get(key) ?? 0);
      if (free === undefined || free >= needed) return this.#promise(key, needed);
      if (performance.now() > until) {
        throw new WaltError(
          `${port.text} stays off: it may take ${needed} W, and the switch has ${Math.max(0, free)} W left`,
        );
      }
      await sleep(Math.min(1000, this.#pace.patience));
    }
  }

  #promise(key: string, watts: number): () => void {
    this.#promised.set(key, (this.#promised.get(key) ?? 0) + watts);
    return () => {
      this.#promised.set(key, Math.max(0, (this.#promised.get(key) ?? 0) - watts));
    };
  }
}
