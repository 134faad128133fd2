// Reaction: what was noted by the clock as it was before somebody set it is noted by the clock as it is now.
import type { BootBook } from '../../boots/boot-book.ts';
import type { Registry } from '../../devices/registry.ts';
import type { Publisher } from '../publisher.ts';

/** Leases last as long as they were given for, and boots go on, whatever becomes of the clock. */
export function followClock(
  publisher: Publisher,
  { boots, registry }: { readonly boots: BootBook; readonly registry: Registry },
): void {
  publisher.on('clock', ['clock-set'], async ({ by }) => {
    boots.shift(by);
    const leased = registry.all().filter(({ leaseUntil }) => leaseUntil !== undefined);
    await registry.changeAll(
      leased.map(({ mac }) => [
        mac,
        (device) =>
          device?.leaseUntil === undefined
            ? device
            : { ...device, leaseUntil: device.leaseUntil + by },
      ]),
    );
  });
}
