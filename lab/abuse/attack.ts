/** What every attack of the storm is, and what it is given. Only for networks that are yours. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Wire } from '../network/wire.ts';

/** Whom attacks are against, and what they have. */
export type Ground = {
  /** address of the server */
  readonly server: string;
  readonly serverMac: string;
  /** own addresses, which this machine has */
  readonly addresses: readonly string[];
  /** own MAC */
  readonly mac: string;
  /** MACs of machines in whose name is spoken */
  readonly victims: readonly string[];
  /** addresses that the server may give are random ones of these many after its own */
  readonly poolSize: number;
  /** the API's socket, for attacks of a local account; none are made without it */
  readonly apiSocket?: string;
  /** sends frames; hears ARP alone */
  readonly wire: Wire;
  /** from 0 up to 1, the same in each run */
  readonly random: () => number;
  /** the end of the storm */
  readonly signal: AbortSignal;
};

/**
 * One attack. It goes on until the signal, at a pace that its file names, and counts what it did: requests, packets or
 * connections.
 */
export type Attack = {
  readonly name: string;
  /** in a line, for people */
  readonly what: string;
  run(ground: Ground, count: (done?: number) => void): Promise<void>;
};

/** Acts again and again until the end of the storm; `ms` is the pause between two times. */
export async function again({ signal }: Ground, ms: number, act: () => unknown): Promise<void> {
  while (!signal.aborted) {
    await act();
    await sleep(ms, undefined, { signal }).catch(() => undefined);
  }
}

/** A whole number from 0 to below `below`. */
export function pick({ random }: Ground, below: number): number {
  return Math.floor(random() * below);
}

/** One of them. Throws a RangeError where there is none. */
export function oneOf<Item>(ground: Ground, items: readonly Item[]): Item {
  const item = items[pick(ground, items.length)];
  if (item === undefined) throw new RangeError('Cannot pick one of nothing');
  return item;
}

/** Bytes of chance. */
export function noise(ground: Ground, length: number): Buffer {
  return Buffer.from(Array.from({ length }, () => pick(ground, 256)));
}
