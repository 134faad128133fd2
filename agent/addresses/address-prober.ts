// Finds out whether an address is free before it is offered: keeps a stock of proved ones, and asks for others.

import type { Registry } from '../devices/registry.ts';
import type { ServerEvent } from '../events/event.ts';
import type { AddressPool } from './address-pool.ts';
import { AddressProbes, type ProbeStep } from './address-probes.ts';

type Options = {
  readonly pool: AddressPool;
  readonly registry: Registry;
  /** asks the network who has an address; false where it cannot be asked: then addresses are taken for free */
  readonly ask: (ip: string) => boolean;
  /** milliseconds */
  readonly now: () => number;
};

type Waiter = { readonly mac: string; readonly resolve: (isFree: boolean) => void };

const TICK_MS = 50;
const REFILL_MS = 500;

export class AddressProber {
  readonly #options: Options;
  readonly #probes = new AddressProbes();
  readonly #waiters = new Map<string, Waiter[]>();
  readonly #timers: NodeJS.Timeout[] = [];

  constructor(options: Options) {
    this.#options = options;
  }

  /** Starts to fill the stock; the returned function stops it. */
  start(): () => void {
    const { pool, now } = this.#options;
    this.#timers.push(
      setInterval(() => this.#take(this.#probes.tick(now())), TICK_MS),
      setInterval(() => {
        const at = now();
        this.#take(this.#probes.refill(at, (count, skip) => pool.freeAddresses(count, at, skip)));
      }, REFILL_MS),
    );
    return () => {
      for (const timer of this.#timers.splice(0)) clearInterval(timer);
    };
  }

  /** Takes addresses out of the stock, one after the other: nobody uses them, as far as is known. */
  *stock(): Generator<string> {
    const take = () => this.#probes.take(this.#options.now());
    for (let ip = take(); ip !== undefined; ip = take()) yield ip;
  }

  /** Whether nobody but `mac` uses an address: at once where that is known, else when nobody has answered. */
  isFree(ip: string, mac: string): Promise<boolean> {
    const now = this.#options.now();
    if (this.#timers.length === 0 || this.#probes.isProved(ip, now)) return Promise.resolve(true);
    const { promise, resolve } = Promise.withResolvers<boolean>();
    this.#waiters.set(ip, [...(this.#waiters.get(ip) ?? []), { mac, resolve }]);
    this.#take(this.#probes.begin(ip, now));
    return promise;
  }

  /** A machine was heard that uses an address. */
  heard(ip: string, mac: string): ServerEvent[] {
    const { pool, registry, now } = this.#options;
    const isItsOwn = registry.byIp(ip)?.mac === mac || pool.offeredTo(mac, now()) === ip;
    if (!this.#probes.heard(ip)) return [];
    if (!isItsOwn) pool.setAside(ip, now(), mac);
    this.#answer(ip, (waiter) => waiter.mac === mac);
    return isItsOwn ? [] : [{ kind: 'address-conflict', ip, mac }];
  }

  /** The address has an owner now. */
  taken(ip: string): void {
    this.#probes.taken(ip);
  }

  #take({ ask, proved }: ProbeStep): void {
    for (const ip of ask) {
      if (!this.#options.ask(ip)) this.#answer(ip, () => true);
    }
    for (const ip of proved) this.#answer(ip, () => true);
  }

  #answer(ip: string, isFree: (waiter: Waiter) => boolean): void {
    const waiters = this.#waiters.get(ip) ?? [];
    this.#waiters.delete(ip);
    for (const waiter of waiters) waiter.resolve(isFree(waiter));
  }
}
