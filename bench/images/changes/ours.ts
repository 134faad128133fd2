/** Changes of images by `walt`. */
import type { Lab } from '../../../lab/lab.ts';
import { succeed } from '../../../lab/programs/run-program.ts';
import { BASE, OWNER } from '../registry.ts';
import { type Change, type Changer, COMMANDS, type Inputs, TARGET } from './change.ts';

const ORIGIN = 'origin';
const WORK = 'work';

/** How the Dockerfile of the inputs calls the image. */
export const FROM = `${OWNER}/${ORIGIN}`;

/** Fetches the image once; each change begins with a name of its own for it. */
export async function changeByOurs(lab: Lab, { file, context }: Inputs): Promise<Changer> {
  await lab.walt('image', 'clone', `lab:${BASE}`, ORIGIN);
  const ways: Readonly<Record<Change, () => Promise<unknown>>> = {
    cp: () => lab.walt('image', 'cp', file, `${WORK}:${TARGET}`),
    build: () => lab.walt('image', 'build', WORK, '--from-dir', context, '--force'),
    squash: () => lab.walt('image', 'squash', WORK),
    shell: () =>
      succeed(lab.waltCommand('image', 'shell', WORK, '--save', WORK), {
        input: COMMANDS,
        seconds: 600,
      }),
  };
  return {
    name: 'walt image',
    async reset() {
      await lab.tryWalt('image', 'remove', WORK);
      await lab.walt('image', 'gc');
      await lab.walt('image', 'duplicate', ORIGIN, WORK);
    },
    async change(change) {
      await ways[change]();
    },
  };
}
