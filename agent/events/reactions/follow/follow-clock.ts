// Reaction: what was noted by the clock as it was before somebody set it is noted by the clock as it is now.
import type { BootBook } from '../../../boots/boot-book.ts';
import type { Device } from '../../../devices/device.ts';
import type { Registry } from '../../../devices/registry.ts';
import type { Publisher } from '../../publisher.ts';

type Options = {
  readonly boots: BootBook;
  readonly registry: Registry;
  /** when this run of the server began, by the clock as it was then */
  readonly startedAt: number;
};

/** Leases last as long as they were given for, and boots go on, whatever becomes of the clock. */
export function followClock(publisher: Publisher, { boots, registry, startedAt }: Options): void {
  let since = startedAt;
  publisher.on('clock', ['clock-set'], async ({ by }) => {
    const moved = boots.shift(by);
    const shift = { by, since };
    since += by;
    await registry.changeAll(
      registry.all().map(({ mac }) => [mac, (device) => device && shifted(device, shift)]),
    );
    await moved;
  });
}

/** A lease of an earlier run was measured from now on as well: it lasts as long as the client believes. */
function shifted(
  device: Device,
  { by, since }: { readonly by: number; readonly since: number },
): Device {
  const ofThisRun = (['firstSeen', 'firstFile', 'releasedAt'] as const).filter(
    (key) => (device[key] ?? Number.NEGATIVE_INFINITY) >= since,
  );
  const keys = [
    ...ofThisRun,
    ...(device.leaseUntil === undefined ? [] : (['leaseUntil'] as const)),
  ];
  if (keys.length === 0) return device;
  return { ...device, ...Object.fromEntries(keys.map((key) => [key, (device[key] ?? 0) + by])) };
}
