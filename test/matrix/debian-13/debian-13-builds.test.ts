// The same commit, the same bytes: media and archives of images built by the programs of Debian 13 and of this machine.
import { chmod, link, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { runProgram, succeed } from '../../../lab/programs/run-program.ts';
import { placesOf } from '../../../scripts/inputs/fetch.ts';
import { debian13Root, inContainer } from '../../support/debian-13/container.ts';

const PROJECT = join(import.meta.dirname, '../../..');
const BUILD = join(import.meta.dirname, '../../support/debian-13/build.ts');

/** Kinds of files that tar writes in different ways. */
async function makeTree(folder: string): Promise<void> {
  const long = join(folder, 'l'.repeat(120));
  await mkdir(long, { recursive: true });
  await writeFile(join(long, 'file'), Buffer.alloc(10_000, 1));
  await writeFile(join(folder, 'program'), 'text');
  await chmod(join(folder, 'program'), 0o4755);
  await link(join(folder, 'program'), join(folder, 'other name'));
  await symlink('program', join(folder, 'link'));
  await succeed(['mknod', join(folder, 'null'), 'c', '1', '3']);
  await succeed(['setcap', 'cap_net_raw+ep', join(long, 'file')]);
}

test('media and images are the same bytes, built on Debian 12 or 13', async (t) => {
  t.timeout(30 * 60_000);
  const root = await debian13Root();
  const work = await mkdtemp(join(tmpdir(), 'walt-builds-'));
  t.teardown(() => rm(work, { recursive: true }));
  const tree = join(work, 'tree');
  await makeTree(tree);
  const build = (name: string) => [process.execPath, BUILD, join(work, name), tree];
  // First here, so that all inputs are in the cache.
  const here = await runProgram(build('here'), { seconds: 900 });
  t.is(here.code, 0, here.said);
  const folders = [work, placesOf(process.env, PROJECT).cache];
  const there = await runProgram(inContainer(build('there'), { root, folders }), { seconds: 900 });
  t.is(there.code, 0, there.said);
  t.is(there.stdout.toString(), here.stdout.toString());
  t.regex(here.stdout.toString(), /^pxe [0-9a-f]{64}\n/);
});
