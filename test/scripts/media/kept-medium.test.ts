import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { keptMedium } from '../../../scripts/media/kept-medium.ts';

const SHA256 = createHash('sha256').update('medium').digest('hex');

test('keptMedium() builds what is not there, is of other things, or was touched, and nothing else', async (t) => {
  const root = await mkdtemp(join(tmpdir(), 'walt-kept-'));
  t.teardown(() => rm(root, { recursive: true }));
  const [to, cache] = [join(root, 'dist'), join(root, 'cache')];
  for (const folder of ['scripts', 'boot-artifacts', 'dist/tree'])
    await mkdir(join(root, folder), { recursive: true });
  await writeFile(join(root, 'package.json'), '{}');
  const plan = { output: 'medium', folder: 'tree', inputs: [], tools: [], steps: [] };
  const file = join(to, 'medium');
  let built = 0;
  const make = async () => {
    built += 1;
    await writeFile(file, 'medium');
    await writeFile(join(to, 'tree/part'), 'part');
    return { file, bytes: 6, sha256: SHA256 };
  };
  const places = { cache, mirror: undefined } as never;
  const again = async (wanted: object = plan) => {
    const options = { root, to, places, path: '' };
    const { sha256, bytes } = await keptMedium(wanted as typeof plan, options, make);
    t.deepEqual({ sha256, bytes }, { sha256: SHA256, bytes: 6 });
    return built;
  };
  t.is(await again(), 1);
  await utimes(file, 1, 1);
  t.is(await again(), 2, 'somebody set its time');
  t.is(await again(), 2);
  await writeFile(join(root, 'boot-artifacts/script'), 'new');
  t.is(await again(), 3, 'another file of ours');
  await rm(join(to, 'tree/part'));
  t.is(await again(), 4, 'a part is gone');
  t.is(await again({ ...plan, tools: ['other'] }), 5, 'another plan');
  t.is(await again({ ...plan, tools: ['other'] }), 5);
});
