// The places that images come from.
import { messageOf } from '../../errors.ts';
import type { Check, ImagePlace } from '../check.ts';

const STEP_MS = 5000;

export const registries: Check = {
  name: 'registries',
  run: async ({ places }, signal) => {
    const remote = places.filter(({ folder }) => folder === undefined);
    if (remote.length === 0) {
      return { status: 'skipped', detail: 'images come from folders of this machine alone' };
    }
    const results = await Promise.all(remote.map((place) => reach(place, signal)));
    const troubles = results.filter((result) => result !== undefined);
    if (troubles.length === 0) {
      return { status: 'ok', detail: `${remote.map(({ name }) => name).join(', ')}: reached` };
    }
    return {
      status: 'warning',
      detail: troubles.join('; '),
      meaning: 'Images cannot be fetched from there; those that are here go on.',
      mend: 'look at the network of this machine and its name service (resolvectl query HOST), or take it out of images.registries',
    };
  },
};

async function reach(
  { name, reach }: ImagePlace,
  signal: AbortSignal,
): Promise<string | undefined> {
  const limited = AbortSignal.any([signal, AbortSignal.timeout(STEP_MS)]);
  return await reach(limited).then(
    () => undefined,
    (thrown: unknown) => `${name}: ${limited.aborted ? 'it does not answer' : messageOf(thrown)}`,
  );
}
