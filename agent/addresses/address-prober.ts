// Finds out whether an address is free before it is offered: keeps a stock of proved ones, and asks for others.

import type { Registry } from '../devices/registry.ts';
import type { ServerEvent } from '../events/event.ts';
import type { AddressPool } from './address-pool.ts';
import { AddressProbes, type ProbeStep } from './address-probes.ts';
import { type ArpClaim, type FalseAnswerer, FalseAnswers } from './false-answers.ts';

type Options = {
  readonly pool: AddressPool;
  readonly registry: Registry;
  /** asks the network who has an address; false where it cannot be asked: then addresses are taken for free */
  readonly ask: (ip: string) => boolean;
  /** told of what is found out while nobody asks */
  readonly publish?: (events: readonly ServerEvent[]) => void;
  /** milliseconds */
  readonly now: () => number;
};

type Waiter = { readonly mac: string; readonly resolve: (isFree: boolean) => void };

const TICK_MS = 50;
const REFILL_MS = 500;

export class AddressProber {
  readonly #options: Options;
  readonly #probes = new AddressProbes();
  readonly #falseAnswers = new FalseAnswers();
  readonly #waiters = new Map<string, Waiter[]>();
  readonly #timers: NodeJS.Timeout[] = [];

  constructor(options: Options) {
    this.#options = options;
  }

  /** Starts to fill the stock; the returned function stops it. */
  start(): () => void {
    const { pool, now } = this.#options;
    this.#timers.push(
      setInterval(() => this.#tick(now()), TICK_MS),
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

  /**
   * A machine was heard that uses an address: the address is set aside, unless it was given to that machine.
   * @param isAnswer false for one that asked others, and thereby told its own address
   */
  heard(ip: string, mac: string, isAnswer = true): ServerEvent[] {
    const { pool, registry, now } = this.#options;
    const claim: ArpClaim = { ip, mac, isAnswer };
    if (registry.byIp(ip)?.mac === mac || pool.offeredTo(mac, now()) === ip) {
      if (this.#probes.heard(ip)) this.#answer(ip, (waiter) => waiter.mac === mac);
      return [];
    }
    if (this.#falseAnswers.isLiar(mac)) return this.#heardOfLiar(claim);
    if (!this.#probes.heard(ip)) return [];
    this.#setAside(claim);
    return this.#falseAnswers.heard(claim, now()) ? [conflict(claim)] : [];
  }

  /** Whether `mac` answers ARP for everybody: what it says of addresses is not true. */
  isLiar(mac: string): boolean {
    return this.#falseAnswers.isLiar(mac);
  }

  /** Whether a machine answers ARP for everybody now, so that every address seems to be in use to whoever asks. */
  isAnyLiar(): boolean {
    return this.#falseAnswers.isAnyLiar();
  }

  /** The address has an owner now. */
  taken(ip: string): void {
    this.#probes.taken(ip);
  }

  /** Who answers for everybody is believed only where it asks: from its own address. */
  #heardOfLiar(claim: ArpClaim): ServerEvent[] {
    const { pool, now } = this.#options;
    const { ip } = claim;
    if (!this.#falseAnswers.believes(claim)) {
      this.#falseAnswers.heard(claim, now());
      return [];
    }
    this.#probes.heard(ip);
    if (!pool.isFree(ip, now())) return [];
    this.#setAside(claim);
    return [conflict(claim)];
  }

  #setAside({ ip, mac }: ArpClaim): void {
    const { pool, now } = this.#options;
    pool.setAside(ip, now(), mac);
    this.#answer(ip, (waiter) => waiter.mac === mac);
  }

  #tick(now: number): void {
    this.#take(this.#probes.tick(now));
    const { liars, honest } = this.#falseAnswers.judge(now, this.#probes.provedCount);
    for (const { mac, own } of liars) this.#options.pool.takeBack(mac, own);
    const events = [...honest.map(conflict), ...liars.map(falseAnswers)];
    if (events.length > 0) this.#options.publish?.(events);
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

function conflict({ ip, mac }: ArpClaim): ServerEvent {
  return { kind: 'address-conflict', ip, mac };
}

function falseAnswers({ mac, count }: FalseAnswerer): ServerEvent {
  return { kind: 'false-answers', mac, count };
}
