import { access, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { cachedFolder } from '../../../../scripts/images/cache/cached-folder.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

test.serial(
  'cachedFolder() builds once, whoever comes meanwhile, and again for another recipe',
  async (t) => {
    process.env.WALT_CACHE = await temporaryFolder(t);
    let builds = 0;
    const get = (recipe: string) =>
      cachedFolder('thing', {
        recipe,
        build: async (folder) => {
          builds += 1;
          await writeFile(join(folder, 'made'), recipe);
        },
      });
    const [first = '', second] = await Promise.all([get('a'), get('a')]);
    t.is(first, second);
    t.is(builds, 1);
    await access(join(first, 'made'));
    t.not(await get('b'), first);
    t.is(builds, 2);
  },
);

test.serial('cachedFolder() leaves nothing of a build that fails', async (t) => {
  const cache = await temporaryFolder(t);
  process.env.WALT_CACHE = cache;
  const build = async (folder: string) => {
    await writeFile(join(folder, 'half'), '');
    throw new Error('no disk');
  };
  await t.throwsAsync(cachedFolder('thing', { recipe: 'a', build }), { message: 'no disk' });
  t.deepEqual(await readdir(join(cache, 'thing')), []);
});
