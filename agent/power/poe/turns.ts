// When ports of a switch go on: one after the other, and within the watts that the switch has. Many boards that get their power in one
// moment ask for their files in one moment, and the boot ROMs of some give up for good.
import { setTimeout as sleep } from 'node:timers/promises';
import { WaltError } from '../../errors.ts';
import type { SnmpClient } from '../../snmp/client.ts';
import { POE } from '../../switches/mibs.ts';
import type { PoePort } from './poe-port.ts';

/** How fast ports go on. */
export type Pace = {
  /** milliseconds between two ports of one switch */
  readonly gap: number;
  /** a port waits so many milliseconds for watts */
  readonly patience: number;
};

/** Of 22 Raspberry Pi 3s that got their power together 1 to 5 came up, and 10 of them with a second in between. */
export const PACE: Pace = { gap: 1000, patience: 15_000 };

/** Watts that a port may take, by class (IEEE 802.3, table 33-7); a class that is not known counts as 0. */
const WATTS: Readonly<Record<number, number>> = { 1: 15.4, 2: 4, 3: 7, 4: 15.4, 5: 30 };

/** Ports that are being switched, and whose turn it is. */
export class Turns {
  readonly #pace: Pace;
  readonly #busy = new Set<string>();
  /** when the last port of each switch had its turn */
  readonly #last = new Map<string, Promise<void>>();

  constructor(pace: Pace) {
    this.#pace = pace;
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

  /** Resolves when a port may go on; until `turnOn` has ended no other port of the switch does. */
  async inTurn(port: PoePort, turnOn: () => Promise<void>): Promise<void> {
    const { mac } = port.switch;
    const before = this.#last.get(mac) ?? Promise.resolve();
    const mine = before.then(turnOn);
    this.#last.set(
      mac,
      mine.catch(() => undefined).then(() => sleep(this.#pace.gap)),
    );
    await mine;
  }

  /** Waits until the switch has the watts that a port may take. @throws {WaltError} if it does not get them */
  async awaitWatts(client: Pick<SnmpClient, 'get'>, port: PoePort): Promise<void> {
    const until = performance.now() + this.#pace.patience;
    for (;;) {
      const { needed, free } = await wattsOf(client, port);
      if (free === undefined || free >= needed) return;
      if (performance.now() > until) {
        throw new WaltError(
          `${port.text} stays off: it may take ${needed} W, and the switch has ${free} W left`,
        );
      }
      await sleep(Math.min(1000, this.#pace.patience));
    }
  }
}

/** `free` is undefined where the switch does not say. */
async function wattsOf(
  client: Pick<SnmpClient, 'get'>,
  { index }: PoePort,
): Promise<{ readonly needed: number; readonly free: number | undefined }> {
  const [group] = index.split('.');
  const [kind, budget, used] = await client.get([
    `${POE.classification}.${index}`,
    `${POE.budget}.${group}`,
    `${POE.used}.${group}`,
  ]);
  const needed = WATTS[Number(kind)] ?? 15.4;
  if (typeof budget !== 'number' || typeof used !== 'number') return { needed, free: undefined };
  return { needed, free: budget - used };
}
