// Reaction: what the boots of nodes read is recorded, and made into packs that later boots fetch.
import { isNode } from '../../devices/device.ts';
import type { Registry } from '../../devices/registry.ts';
import type { HotPacks } from '../../hot/hot-packs.ts';
import type { Publisher } from '../publisher.ts';

/** @param packs is told where boots begin and end; what fails there is a problem of nobody's boot */
export function recordHotFiles(
  publisher: Publisher,
  {
    registry,
    packs,
  }: {
    readonly registry: Pick<Registry, 'byMac'>;
    readonly packs: Pick<HotPacks, 'begun' | 'booted'>;
  },
): void {
  publisher.on(
    'hot-packs',
    ['boot'],
    async ({ mac, state, attempt, signal }) => {
      const node = registry.byMac(mac);
      if (!isNode(node)) return;
      if (attempt !== undefined) await packs.begun(node);
      if (state === 'booted' && signal.kind === 'booted') await packs.booted(node);
    },
    { hearsTrials: true },
  );
}
