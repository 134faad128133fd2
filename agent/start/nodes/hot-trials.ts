// Images that the server boots for itself, so that first nodes have packs.
import { availableParallelism, freemem, loadavg } from 'node:os';
import type { BootBook } from '../../boots/boot-book.ts';
import type { Config } from '../../config/config.ts';
import type { Registry } from '../../devices/registry.ts';
import type { Publisher } from '../../events/publisher.ts';
import { systemClock } from '../../host/clock/clock.ts';
import { every } from '../../host/clock/every.ts';
import type { HotPacks } from '../../hot/hot-packs.ts';
import { HotTrials, TRIAL_MODEL } from '../../hot/trials/trials.ts';
import { wantsPack } from '../../hot/wants-pack.ts';
import type { ImageStore } from '../../images/intake/image-store.ts';
import type { Machines } from '../../machines/kept/machines.ts';
import { planOf } from '../../nodes/machine-plan.ts';
import type { Problem } from '../telling/journal.ts';
import { defaultsOf, reads } from './hot-packs.ts';
import { complaint, newMac } from './machines.ts';

type Parts = {
  readonly registry: Registry;
  readonly boots: Pick<BootBook, 'statusOf'>;
  readonly images: ImageStore;
  readonly machines: Machines;
  readonly packs: HotPacks;
  readonly publisher: Publisher;
  readonly problem: Problem;
  /** what machines boot from that have no stick */
  readonly pxeFolder?: string;
  /** where this server gives out the addresses */
  readonly reserveAddress?: (mac: string) => Promise<string | undefined>;
};

const LOOK_MS = 5000;
/** A node is on its way to be up. */
const BOOTING: ReadonlySet<string> = new Set(['dhcp', 'files', 'mounted']);

/** Boots images from here on, one after the other, where `images.hotPackTrials` says so. */
export function startHotTrials(
  { hotPacks, hotPackTrials }: Pick<Config['images'], 'hotPacks' | 'hotPackTrials'>,
  parts: Parts,
  services: AsyncDisposableStack,
): void {
  if (!hotPacks || hotPackTrials === 'never') return;
  const { registry, boots, machines, problem, reserveAddress } = parts;
  const say = problem('hot-packs');
  const trials = new HotTrials({
    ...{ ...parts, when: hotPackTrials, clock: systemClock },
    candidates: (done) => candidates(done, parts),
    moment: () => ({
      isBooting: registry.all().some(({ mac }) => BOOTING.has(boots.statusOf(mac).state)),
      freeBytes: freemem(),
      load: (loadavg()[0] ?? 0) / availableParallelism(),
    }),
    complaint: async (device) =>
      complaint(parts) ??
      (await machines.complaint()) ??
      (await machines.complaintAbout(device.mac, planOf(device).hardware)),
    reserveAddress: reserveAddress ?? (async () => undefined),
    newMac: () => newMac(registry),
    onGivenUp: (image, reason) =>
      say(
        `The server booted image ${image} to see what a boot reads, in vain: ${reason}. The boots of nodes teach it; the server does not try again until it is restarted`,
      ),
  });
  services.defer(() => trials.stop());
  services.defer(every(LOOK_MS, () => trials.look(), say));
}

async function candidates(
  done: ReadonlySet<string>,
  { registry, boots, images, packs }: Pick<Parts, 'registry' | 'boots' | 'images' | 'packs'>,
) {
  const defaults = defaultsOf(images);
  const wanted = images.all().flatMap((image) => {
    const key = images.keyOf(image.name);
    if (key === undefined || done.has(key) || !image.models.includes(TRIAL_MODEL)) return [];
    return wantsPack(image, { defaults }) ? [{ image: image.name, key }] : [];
  });
  return await Promise.all(
    wanted.map(async ({ image, key }) => ({
      ...{ image, key },
      hasPack: (await packs.of(key)).some(({ model }) => model === TRIAL_MODEL),
      isInUse: registry.all().some((device) => reads(device, { root: key, boots })),
    })),
  );
}
