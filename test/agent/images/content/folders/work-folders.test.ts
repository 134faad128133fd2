// A server that was killed left work behind, and programs of that work go on.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { WorkFolders } from '../../../../../agent/images/content/folders/work-folders.ts';
import { temporaryFolder } from '../../../../support/temporary-folder.ts';

const WRITER = `cd "$0"; echo; for i in $(seq 1 $1); do mkdir -p $i/a; echo > $i/a/b; echo > b$i; done`;

test('WorkFolders.clear() puts aside what a program still writes to, and removes it in the end', async (t) => {
  const state = await temporaryFolder(t);
  const old = join(state, 'tmp/work-old');
  await mkdir(old, { recursive: true });
  const writer = spawn('sh', ['-c', WRITER, old, '1000000'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  t.teardown(() => writer.kill('SIGKILL'));
  await once(writer.stdout, 'data');
  for (let files = 0; files < 100; ) files = (await readdir(old)).length;
  const folders = new WorkFolders(state);
  await folders.clear();
  t.deepEqual(await readdir(folders.folder), []);
  t.is(await folders.with(async (work) => work.startsWith(folders.folder)), true);
  writer.kill('SIGKILL');
  await folders.swept;
  t.deepEqual(await readdir(state), ['tmp']);
});

test('WorkFolders.clear() removes what earlier starts could not remove', async (t) => {
  const state = await temporaryFolder(t);
  await mkdir(join(state, 'left-aaaaaa/work-1'), { recursive: true });
  await writeFile(join(state, 'left-aaaaaa/work-1/file'), '');
  const folders = new WorkFolders(state);
  await folders.clear();
  await folders.swept;
  t.deepEqual(await readdir(state), ['tmp']);
});
