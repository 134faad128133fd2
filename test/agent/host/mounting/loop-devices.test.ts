import { mkdir, open, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { LOOP_DEVICE } from '../../../../agent/host/mounting/loop-device.ts';
import { releaseDevices } from '../../../../agent/host/mounting/loop-devices.ts';
import { mountErofs } from '../../../../agent/host/mounting/mount-erofs.ts';
import { runProgram } from '../../../../agent/host/processes/program.ts';
import { openImageStore } from '../../../support/images/image-store.ts';
import { makeTinyImage } from '../../../support/images/tiny-image.ts';
import { eventually } from '../../../support/lab.ts';
import { temporaryFolder, unmountBelow } from '../../../support/temporary-folder.ts';

const NAME = 'alice/web:latest';

/** Files below the folder that loop devices of this machine have. */
async function devicesOf(folder: string): Promise<string[]> {
  const names = (await readdir('/sys/block')).filter((name) => name.startsWith('loop'));
  const files = names.map((name) =>
    readFile(join('/sys/block', name, 'loop/backing_file'), 'utf8').catch(() => ''),
  );
  return (await Promise.all(files)).filter((file) => file.startsWith(`${folder}/`));
}

/** A program that looks at all devices at this moment delays their end. @throws {Error} if some stay */
async function noneLeft(folder: string): Promise<void> {
  await eventually(
    () => devicesOf(folder),
    ({ length }) => length === 0,
    60,
  );
}

async function fileOf(folder: string, name: string): Promise<string> {
  const path = join(folder, name);
  const file = await open(path, 'w');
  await file.truncate(4096);
  await file.close();
  return path;
}

test('a file has one device, whoever asks for it, and how often', async (t) => {
  const folder = await temporaryFolder(t);
  const [one, two] = [await fileOf(folder, 'one file'), await fileOf(folder, 'two')];
  const script = `set -e\n${LOOP_DEVICE}\nfor file; do device "$file" --read-only; echo "$found"; done`;
  const ask = async (...files: string[]) =>
    (await runProgram('sh', ['-c', script, 'sh', ...files])).trim().split('\n');
  const [first, again, other] = await ask(one, one, two);
  t.teardown(() => runProgram('losetup', ['--detach', first ?? '', other ?? '']));
  t.regex(`${first} ${other}`, /^\/dev\/loop\d+ \/dev\/loop\d+$/);
  t.is(again, first);
  t.not(other, first);
  t.deepEqual(await ask(two, one), [other, first]);
  t.deepEqual((await devicesOf(folder)).toSorted(), [`${one}\n`, `${two}\n`]);
  await t.throwsAsync(ask(join(folder, 'three')), { message: /three/ });
});

test('mountErofs() leaves no devices behind where it fails', async (t) => {
  const folder = await temporaryFolder(t);
  const target = join(folder, 'fs');
  await mkdir(target);
  const file = await fileOf(folder, 'root.erofs');
  const data = [await fileOf(folder, 'one'), await fileOf(folder, 'two')];
  await t.throwsAsync(mountErofs(target, { file, data }), { message: /mount/ }, 'no EROFS');
  await noneLeft(folder);
  const missing = join(folder, 'three');
  await t.throwsAsync(mountErofs(target, { file, data: [...data, missing] }), { message: /three/ });
  await noneLeft(folder);
});

test('releaseDevices() lets go of what is left, and of nothing that is mounted or of others', async (t) => {
  const folder = await temporaryFolder(t);
  const { store, progress, state } = await openImageStore(folder);
  await store.import(await makeTinyImage(join(folder, 'tiny'), {}), { name: NAME, progress });
  const mounted = await devicesOf(state);
  t.is(mounted.length, 2, 'the file system and its one layer');
  const left = await fileOf(state, 'left');
  const other = await fileOf(folder, 'state-of-others');
  const device = (await runProgram('losetup', ['--find', '--show', other])).trim();
  t.teardown(() => runProgram('losetup', ['--detach', device]));
  await runProgram('losetup', ['--find', '--show', left]);
  await releaseDevices(state);
  const stay = await eventually(
    () => devicesOf(state),
    ({ length }) => length <= mounted.length,
    60,
  );
  t.deepEqual(stay, mounted);
  t.is((await devicesOf(folder)).length, 3);
  const root = store.rootOf(store.keyOf(NAME) ?? '');
  t.true((await readFile(join(root, 'bin/walt-init'), 'utf8')).startsWith('#!'));
  await unmountBelow(state);
  await noneLeft(state);
  t.pass();
});

test('ImageStore.load() lets go of devices that a killed server has left', async (t) => {
  const folder = await temporaryFolder(t);
  const { state } = await openImageStore(folder);
  // It tried a mount.
  await noneLeft(state);
  await runProgram('losetup', ['--find', '--show', await fileOf(state, 'tmp/left')]);
  t.is((await devicesOf(state)).length, 1);
  await openImageStore(folder);
  await noneLeft(state);
});
