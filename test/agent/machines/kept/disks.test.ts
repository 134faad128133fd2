import { open, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import test from 'ava';
import { lostDisks, makeDisks, missingBytes } from '../../../../agent/machines/kept/disks.ts';
import { machineFiles } from '../../../../agent/machines/kept/machine-files.ts';
import { runProgram } from '../../../../lab/programs/run-program.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const MEGA = 1_000_000;
const none = (sizeBytes: number) => ({ sizeBytes, template: 'none' as const });

async function filesOf(t: Parameters<typeof temporaryFolder>[0]) {
  const parent = await temporaryFolder(t);
  const files = machineFiles(parent, '52:54:00:00:00:01');
  return { ...files, folder: parent, disk: (number: number) => `${parent}/disk-${number}.raw` };
}

async function said(...argv: string[]): Promise<string> {
  const { code, said: text } = await runProgram(argv);
  if (code !== 0) throw new Error(`${argv.join(' ')}: ${text}`);
  return text;
}

test('makeDisks() makes an ext4 partition that e2fsck finds no fault with', async (t) => {
  const files = await filesOf(t);
  await makeDisks(files, [{ sizeBytes: 64 * MEGA, template: 'ext4' }]);
  t.regex(await said('sfdisk', '--verify', files.disk(0)), /No errors detected/);
  t.regex(await said('sfdisk', '-l', files.disk(0)), /gpt[\s\S]*2048.*Linux filesystem/);
  const { stdout } = await runProgram(['e2fsck', '-fn', `${files.disk(0)}?offset=1048576`]);
  t.regex(stdout.toString(), /11\/\d+ files/);
});

test('makeDisks() makes a FAT32 partition that mtools reads', async (t) => {
  const files = await filesOf(t);
  await makeDisks(files, [{ sizeBytes: 64 * MEGA, template: 'fat32' }]);
  t.regex(await said('mdir', '-i', `${files.disk(0)}@@1M`, '::'), /No files|bytes free/);
  t.regex(await said('sfdisk', '-l', files.disk(0)), /Microsoft basic data/);
});

test('makeDisks() keeps what is on disks, and makes anew those of another size', async (t) => {
  const files = await filesOf(t);
  await makeDisks(files, [none(8 * MEGA), none(16 * MEGA)]);
  for (const number of [0, 1]) {
    const file = await open(files.disk(number), 'r+');
    await file.write(`kept ${number}`);
    await file.close();
  }
  await makeDisks(files, [none(8 * MEGA), none(32 * MEGA)]);
  const head = async (number: number) =>
    (await readFile(files.disk(number))).subarray(0, 6).toString();
  t.deepEqual([await head(0), await head(1)], ['kept 0', '\0\0\0\0\0\0']);
  const formatted = { sizeBytes: 32 * MEGA, template: 'ext4' as const };
  await makeDisks(files, [none(8 * MEGA), formatted], [none(8 * MEGA), none(32 * MEGA)]);
  t.deepEqual([await head(0), (await head(1)).length], ['kept 0', 6]);
  t.regex(await said('sfdisk', '-l', files.disk(1)), /Linux filesystem/);
  await makeDisks(files, []);
  t.deepEqual(
    (await readdir(files.folder)).filter((name) => name.startsWith('disk')),
    [],
  );
});

test('makeDisks() leaves nothing of a disk whose template cannot be made', async (t) => {
  const files = await filesOf(t);
  await t.throwsAsync(makeDisks(files, [{ sizeBytes: 100_000, template: 'ext4' }]));
  t.deepEqual(
    (await readdir(files.folder)).filter((name) => name.startsWith('disk')),
    [],
  );
});

test('makeDisks() makes whole what a killed server left half made', async (t) => {
  const files = await filesOf(t);
  await writeFile(`${files.disk(0)}.part`, 'half');
  await makeDisks(files, [none(8 * MEGA)]);
  t.is((await stat(files.disk(0))).size, Math.ceil((8 * MEGA) / 4096) * 4096);
});

test('missingBytes() is what disks may still take, lostDisks() those that go', async (t) => {
  const files = await filesOf(t);
  const plans = [none(8 * MEGA), none(16 * MEGA)];
  t.is(await missingBytes(files, plans), 24 * MEGA);
  await makeDisks(files, plans);
  await writeFile(files.disk(0), Buffer.alloc(4_000_000, 1), { flag: 'r+' });
  const missing = await missingBytes(files, plans);
  t.true(missing < 21 * MEGA && missing > 15 * MEGA, `${missing}`);
  t.deepEqual(await lostDisks(files, plans, plans), []);
  t.deepEqual(await lostDisks(files, plans, [none(8 * MEGA)]), [1]);
  t.deepEqual(await lostDisks(files, plans, [none(9 * MEGA), none(16 * MEGA)]), [0]);
});
