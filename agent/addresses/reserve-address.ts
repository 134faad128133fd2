// Finds an address for a machine that has not asked for one yet: a virtual node that is about to be made.
import type { AddressPool } from './address-pool.ts';
import type { AddressProber } from './address-prober.ts';

type Parts = {
  readonly pool: AddressPool;
  readonly prober: Pick<AddressProber, 'stock' | 'isFree'>;
  /** milliseconds */
  readonly now: () => number;
};

/** An address that somebody uses is set aside: the next try gets another one. */
const TRIES = 5;

/**
 * An address that nobody uses, kept for `mac` for a minute.
 * @returns undefined if no address is left
 */
export async function reserveAddress(
  mac: string,
  { pool, prober, now }: Parts,
): Promise<string | undefined> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const ip = pool.offer(mac, { now: now(), proved: prober.stock() });
    if (ip === undefined) return undefined;
    if (await prober.isFree(ip, mac)) return ip;
    pool.withdraw(mac);
  }
  return undefined;
}
