import { appendFile, mkdir, open, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { trimLog } from '../../../../agent/machines/kept/trimmed-log.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

test('trimLog() begins a large log anew, and keeps no more than its end', async (t) => {
  const folder = await temporaryFolder(t);
  const path = join(folder, 'console.log');
  await using qemu = await open(path, 'a');
  await qemu.write(`${'x'.repeat(500)}the end`);
  await trimLog(path, 100);
  await qemu.write('and on');
  t.is(await readFile(path, 'utf8'), 'and on');
  const kept = await readFile(`${path}.1`, 'utf8');
  t.deepEqual([kept.length, kept.slice(-7)], [100, 'the end']);
  await appendFile(path, 'y'.repeat(100));
  await trimLog(path, 100);
  t.is((await stat(`${path}.1`)).size, 100);
  t.deepEqual((await readdir(folder)).toSorted(), ['console.log', 'console.log.1']);
});

test('trimLog() leaves a small log as it is, and takes a missing one for empty', async (t) => {
  const path = join(await temporaryFolder(t), 'console.log');
  await trimLog(path, 100);
  await writeFile(path, 'y'.repeat(99));
  await trimLog(path, 100);
  t.is((await stat(path)).size, 99);
});

test('trimLog() begins a log anew also where its end cannot be kept', async (t) => {
  const path = join(await temporaryFolder(t), 'console.log');
  await writeFile(path, 'y'.repeat(500));
  await mkdir(`${path}.part`);
  await t.throwsAsync(trimLog(path, 100));
  t.is((await stat(path)).size, 0);
});
