import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { settleCpio, settledCpioHeader } from '../../../scripts/archive/cpio-headers.ts';
import { $ } from '../../../scripts/run.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** magic, ino, mode, uid, gid, nlink, mtime, filesize, devices, namesize, check */
const header = ({ mode, links }: { mode: string; links: string }) =>
  `07070100000001${mode}0000000000000000${links}6814140B00000000${'0'.repeat(32)}0000000200000000`;

const FOLDER = '000041ED';
const FILE = '000081A4';

test('settledCpioHeader() gives a folder two links, however many it has', (t) => {
  const settled = header({ mode: FOLDER, links: '00000002' });
  for (const links of ['00000001', '00000002', '00000013']) {
    t.is(settledCpioHeader(header({ mode: FOLDER, links })), settled);
  }
});

test('settledCpioHeader() leaves the links of a file', (t) => {
  const file = header({ mode: FILE, links: '00000003' });
  t.is(settledCpioHeader(file), file);
});

test('settleCpio() makes one archive of what different versions wrote', async (t) => {
  const folder = await temporaryFolder(t);
  await mkdir(join(folder, 'a/b/c'), { recursive: true });
  await writeFile(join(folder, 'a/odd'), 'abc');
  await writeFile(join(folder, 'a/b/large'), Buffer.alloc(3001, 1));
  const archive = join(await temporaryFolder(t), 'a.cpio');
  const list = ['.', 'a', 'a/b', 'a/b/c', 'a/b/large', 'a/odd', ''].join('\n');
  await $({ cwd: folder, input: list })`cpio --create --format=newc --quiet > ${archive}`;
  await settleCpio(archive);
  const settled = await readFile(archive, 'latin1');
  // As on a file system that counts no folders.
  await writeFile(
    archive,
    settled.replaceAll(/(070701.{8}000041ED.{16})00000002/g, '$100000001'),
    'latin1',
  );
  t.not(await readFile(archive, 'latin1'), settled);
  await settleCpio(archive);
  t.is(await readFile(archive, 'latin1'), settled);
  const { stdout } = await $`cpio --list --quiet < ${archive}`;
  t.is(stdout, list);
});

test('settleCpio() throws RangeError for what is no archive', async (t) => {
  const file = join(await temporaryFolder(t), 'a.cpio');
  await writeFile(file, 'x'.repeat(200));
  await t.throwsAsync(settleCpio(file), { instanceOf: RangeError, message: /"xxxxxx"/ });
});
