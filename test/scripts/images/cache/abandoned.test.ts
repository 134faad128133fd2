// What killed builds left behind goes, once, and nothing else does.
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { removeAbandoned, scratchName } from '../../../../scripts/images/cache/abandoned.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const IMAGES = Array.from({ length: 30 }, (_, number) => `image-${number}`);

/** Above the largest that Linux gives: no process has it. */
const DEAD = 4_194_305;

test('removeAbandoned() leaves what a living process builds, also when several do it at once', async (t) => {
  const cache = await temporaryFolder(t);
  const kept = ['pc-0123456789abcdef.oci.tar', 'pc.lock', scratchName('pc')];
  for (const name of [...kept, ...IMAGES.map((image) => `building-${image}-${DEAD}`)]) {
    await mkdir(join(cache, name, 'root/etc'), { recursive: true });
    await writeFile(join(cache, name, 'root/etc/file'), '');
  }
  await Promise.all(Array.from({ length: 8 }, () => removeAbandoned(cache)));
  t.deepEqual((await readdir(cache)).sort(), kept.toSorted());
});
