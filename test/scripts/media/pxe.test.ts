import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { placesOf } from '../../../scripts/inputs/fetch.ts';
import { buildMedium } from '../../../scripts/media/build.ts';
import { pxe } from '../../../scripts/media/pxe.ts';

const ROOT = join(import.meta.dirname, '../../..');

test('pxe is a folder and an archive, the same bytes each time, with the content named in its scripts', async (t) => {
  t.timeout(300_000);
  const to = await mkdtemp(join(tmpdir(), 'walt-pxe-'));
  t.teardown(() => rm(to, { recursive: true }));
  const options = { root: ROOT, places: placesOf(process.env, ROOT), to, path: '/usr/bin:/bin' };
  const { sha256 } = await buildMedium(pxe.plan(), options);
  // Over what is there: the folder is replaced.
  t.is((await buildMedium(pxe.plan(), options)).sha256, sha256);

  const read = (name: string) => readFile(join(to, 'pxe', name));
  for (const name of ['ipxe.efi', 'snponly.efi', 'shimx64.efi', 'grubx64.efi', 'bootia32.efi']) {
    t.is((await read(name)).toString('latin1', 0, 2), 'MZ', name);
  }
  const [, content] = /^content: +([0-9a-f]{12})$/m.exec(String(await read('VERSION.TXT'))) ?? [];
  for (const name of ['autoexec.ipxe', 'grub/grub.cfg']) {
    t.true(String(await read(name)).includes(`WalT ${content}: model`), name);
  }
});
