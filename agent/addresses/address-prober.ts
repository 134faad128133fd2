// Finds out by ARP whether somebody uses an address, before it is offered. Most offers need no waiting: the prober keeps
// a stock of addresses that nobody answered for.
import type { Registry } from '../devices/registry.ts';
import type { ServerEvent } from '../events/event.ts';
import type { AddressPool } from './address-pool.ts';
import { AddressProbes, type ProbeStep, REFILL_MS } from './address-probes.ts';
import { type ArpClaim, type FalseAnswerer, FalseAnswers } from './false-answers.ts';

type Options = {
  readonly pool: AddressPool;
  readonly registry: Registry;
  /** sends the ARP question who has `ip`; false where there is no packet socket: then every address counts as free */
  readonly ask: (ip: string) => boolean;
  /** takes the events that no call returns, because only time shows them */
  readonly publish?: (events: readonly ServerEvent[]) => void;
  /** milliseconds */
  readonly now: () => number;
};

type Waiter = { readonly mac: string; readonly resolve: (isFree: boolean) => void };

const TICK_MS = 50;
/** So long after the last question it is looked at each tick: until its answers are judged (`false-answers.ts`). Then nothing ticks. */
const BUSY_MS = 1500;

/** Asks walt-net who has which address. It has timers: what `start` returns stops them. */
export class AddressProber {
  readonly #options: Options;
  readonly #probes = new AddressProbes();
  readonly #falseAnswers = new FalseAnswers();
  readonly #waiters = new Map<string, Waiter[]>();
  #refill: NodeJS.Timeout | undefined;
  #ticking: NodeJS.Timeout | undefined;
  #busyUntil = Number.NEGATIVE_INFINITY;
  /** false where the last question could not leave */
  #canAsk = true;

  constructor(options: Options) {
    this.#options = options;
  }

  /** Starts to fill the stock. @returns what stops it */
  start(): () => void {
    const { pool, now } = this.#options;
    this.#refill = setInterval(() => {
      const at = now();
      this.#take(this.#probes.refill(at, (count, skip) => pool.freeAddresses(count, at, skip)));
      // What machines say that nobody asked is judged all the same.
      if (this.#ticking === undefined) this.#tick(at);
    }, REFILL_MS);
    return () => {
      clearInterval(this.#refill);
      clearInterval(this.#ticking);
      this.#refill = undefined;
      this.#ticking = undefined;
    };
  }

  /** Takes addresses out of the stock, one with each step. Nobody answered for them a short while ago. */
  *stock(): Generator<string> {
    const take = () => this.#probes.take(this.#options.now());
    for (let ip = take(); ip !== undefined; ip = take()) yield ip;
  }

  /**
   * Whether nobody but `mac` uses an address. The promise resolves at once where a probe showed it a short while ago,
   * and else after the time that a machine on the wire needs to answer (0.4 s), or later where many addresses are asked for.
   */
  isFree(ip: string, mac: string): Promise<boolean> {
    if (this.isKnownFree(ip)) return Promise.resolve(true);
    const now = this.#options.now();
    const { promise, resolve } = Promise.withResolvers<boolean>();
    this.#waiters.set(ip, [...(this.#waiters.get(ip) ?? []), { mac, resolve }]);
    this.#take(this.#probes.begin(ip, now));
    return promise;
  }

  /** Whether `isFree` has nothing to wait for. */
  isKnownFree(ip: string): boolean {
    const hasToWait = this.#refill !== undefined && this.#canAsk;
    return !hasToWait || this.#probes.isProved(ip, this.#options.now());
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

  /** A device owns `ip` from now on, so that what a probe showed before says nothing any more. */
  taken(ip: string): void {
    this.#probes.taken(ip);
  }

  /** A machine that answers for everybody asks others from its own address: only that address is set aside. */
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
    if (this.#refill === undefined) return;
    this.#take(this.#probes.tick(now));
    const { liars, honest } = this.#falseAnswers.judge(now, this.#probes.provedCount);
    for (const { mac, own } of liars) this.#options.pool.takeBack(mac, own);
    const events = [...honest.map(conflict), ...liars.map(falseAnswers)];
    if (events.length > 0) this.#options.publish?.(events);
    if (now <= this.#busyUntil) return;
    clearInterval(this.#ticking);
    this.#ticking = undefined;
  }

  #take({ ask, proved }: ProbeStep): void {
    if (ask.length > 0) this.#keepTicking();
    for (const ip of ask) {
      this.#canAsk = this.#options.ask(ip);
      if (this.#canAsk) continue;
      // Nobody was asked, so that silence will prove nothing.
      this.#probes.taken(ip);
      this.#answer(ip, () => true);
    }
    for (const ip of proved) this.#answer(ip, () => true);
  }

  #keepTicking(): void {
    const { now } = this.#options;
    this.#busyUntil = now() + BUSY_MS;
    this.#ticking ??= setInterval(() => {
      const heardUntil = now();
      // Answers may lie there unread after a pause of the process; they are read between a timer and an immediate.
      setImmediate(() => this.#tick(heardUntil));
    }, TICK_MS);
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
