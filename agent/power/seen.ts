// Proof of an order: what switches the power is asked until it says that the machine is as it was told.
import { setTimeout as sleep } from 'node:timers/promises';
import { WaltError } from '../errors.ts';
import type { PowerState } from './driver.ts';

/** How long a machine may take to be on or off, and how often that is looked at, in milliseconds. */
export type ProofTimes = { readonly proof: number; readonly look: number };

/**
 * A question that fails is put again: a BMC may lose its network for a moment with the power of its machine.
 * @param failure the sentence for a person where it is not so in the end
 * @throws {WaltError} with it, or with why the last question failed
 */
export async function seen(
  state: PowerState,
  read: () => Promise<PowerState>,
  { failure, proof, look }: ProofTimes & { readonly failure: string },
): Promise<void> {
  const until = performance.now() + proof;
  for (;;) {
    const isLast = performance.now() > until;
    const found = await read().catch((reason: unknown) => {
      if (isLast) throw reason;
    });
    if (found === state) return;
    if (isLast) throw new WaltError(failure);
    await sleep(look);
  }
}
