import { readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { settledHeader, settleTar } from '../../../scripts/archive/tar-headers.ts';
import { $ } from '../../../scripts/run.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const DEVICE = { start: 329, end: 345 };
const ZEROS = '0000000\0'.repeat(2);

/** One entry, its fields at their places; the checksum is what GNU tar 1.34 and 1.35 write for them. */
function header({ type, device, sum }: { type: string; device: string; sum: string }): Buffer {
  const bytes = Buffer.alloc(512);
  const put = (text: string, at: number) => bytes.write(text, at, 'latin1');
  put('x', 0);
  put(['0000644', '0000000', '0000000', '00000000002', '15004004000', ''].join('\0'), 100);
  put(`${sum}\0 `, 148);
  put(type, 156);
  put(`ustar\0${'00'}`, 257);
  put(device, DEVICE.start);
  return bytes;
}

const OF_1_34 = header({ type: '0', device: ZEROS, sum: '007405' });
const OF_1_35 = header({ type: '0', device: '', sum: '006145' });

test('settledHeader() writes the empty device number of GNU tar 1.35 as 1.34 does', (t) => {
  t.deepEqual(settledHeader(OF_1_35), OF_1_34);
});

test('settledHeader() leaves a header of GNU tar 1.34 as it is', (t) => {
  t.deepEqual(settledHeader(OF_1_34), OF_1_34);
});

test('settledHeader() leaves the number of a device', (t) => {
  const device = header({ type: '3', device: `${'0000001'}\0${'0000003'}\0`, sum: '007414' });
  t.deepEqual(settledHeader(device), device);
});

test('settleTar() makes one archive of what different versions wrote', async (t) => {
  const folder = await temporaryFolder(t);
  const longName = 'n'.repeat(120);
  await writeFile(join(folder, 'large'), Buffer.alloc(1537, 1));
  await writeFile(join(folder, longName), 'text');
  await symlink('large', join(folder, 'link'));
  const archive = join(await temporaryFolder(t), 'a.tar');
  await $`tar --create --format=posix --file ${archive} --directory ${folder} .`;
  const written = await readFile(archive);
  await settleTar(archive);
  const settled = await readFile(archive);
  await writeFile(archive, withoutDevices(written));
  await settleTar(archive);
  t.deepEqual(await readFile(archive), settled);
  const { stdout } = await $`tar --list --file ${archive}`;
  t.deepEqual(stdout.trim().split('\n').toSorted(), ['./', './large', './link', `./${longName}`]);
});

test('settleTar() throws RangeError for what is no archive', async (t) => {
  const file = join(await temporaryFolder(t), 'a.tar');
  await writeFile(file, 'x'.repeat(1024));
  await t.throwsAsync(settleTar(file), { instanceOf: RangeError, message: /"xxxxxxxxxxxx"/ });
});

function withoutDevices(archive: Buffer): Buffer {
  const bytes = Buffer.from(archive);
  for (let at = 0; at < bytes.length; at += 512) {
    if (bytes.toString('latin1', at + 257, at + 262) === 'ustar')
      bytes.fill(0, at + DEVICE.start, at + DEVICE.end);
  }
  return bytes;
}
