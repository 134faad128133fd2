// GNU cpio reads what is written here.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { cpioArchive } from '../../../scripts/archive/cpio-archive.ts';
import { settleCpio } from '../../../scripts/archive/cpio-headers.ts';
import { $ } from '../../../scripts/run.ts';

test('cpioArchive() is what GNU cpio unpacks, and has nothing to settle', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'walt-cpio-'));
  t.teardown(() => rm(folder, { recursive: true }));
  const content = Buffer.from('a driver\n');
  const bytes = cpioArchive(
    [{ path: './lib' }, { path: './lib/modules' }, { path: './lib/modules/one.ko', content }],
    new Date('2030-01-01T00:00:00Z'),
  );
  const archive = join(folder, 'archive');
  await writeFile(archive, bytes);
  await settleCpio(archive);
  t.deepEqual(await readFile(archive), bytes);
  const { stdout } = await $({
    cwd: folder,
  })`cpio --list --verbose --numeric-uid-gid --quiet < archive`;
  t.regex(stdout, /^drwxr-xr-x +2 0 +0 .* 2030 +\.?\/?lib$/m);
  await $({ cwd: folder })`cpio --extract --quiet --make-directories < archive`;
  t.deepEqual(await readFile(join(folder, 'lib/modules/one.ko')), content);
});
