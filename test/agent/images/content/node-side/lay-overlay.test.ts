// Our files over an image that has something else in their places.
import { chmod, lstat, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { ImageError } from '../../../../../agent/errors.ts';
import { runProgram } from '../../../../../agent/host/program.ts';
import { resolveFolderInside } from '../../../../../agent/images/content/files/inside.ts';
import { layOverlay } from '../../../../../agent/images/content/node-side/lay-overlay.ts';
import { temporaryFolder } from '../../../../support/temporary-folder.ts';

/** An image changed by a shell command, with the overlay laid over it. */
async function lay(t: ExecutionContext, command: string): Promise<string> {
  const folder = await temporaryFolder(t);
  const [rootfs, overlay] = [join(folder, 'image'), join(folder, 'overlay')];
  await mkdir(join(overlay, 'bin'), { recursive: true });
  await writeFile(join(overlay, 'bin/walt-tool'), 'ours', { mode: 0o755 });
  await mkdir(rootfs);
  await runProgram('sh', ['-ec', `cd "$1"; ${command}`, 'sh', rootfs]);
  await layOverlay(rootfs, { overlay, publicKey: 'key' });
  return rootfs;
}

for (const [what, command] of [
  ['nothing', 'true'],
  ['a file', 'mkdir bin; echo other >bin/walt-tool'],
  ['a folder', 'mkdir -p bin/walt-tool/in; echo >bin/walt-tool/in/file'],
  ['a folder that nobody may write', 'mkdir -p bin/walt-tool/in; chmod 0 bin/walt-tool'],
  ['a dangling link', 'mkdir bin; ln -s nowhere bin/walt-tool'],
  ['an absolute link', 'mkdir bin; ln -s /etc/passwd bin/walt-tool'],
  ['a link to a folder', 'mkdir -p bin etc; ln -s ../etc bin/walt-tool'],
  ['a pipe', 'mkdir bin; mkfifo bin/walt-tool'],
] as const) {
  test(`layOverlay() puts its file in the place of ${what}`, async (t) => {
    const file = join(await lay(t, command), 'bin/walt-tool');
    const status = await lstat(file);
    t.true(status.isFile());
    t.is(status.mode & 0o777, 0o755);
    t.is(await readFile(file, 'utf8'), 'ours');
  });
}

for (const [what, command, keys] of [
  ['nothing', 'true', 'key\n'],
  ['keys', 'mkdir -p root/.ssh; echo other >root/.ssh/authorized_keys', 'other\nkey\n'],
  ['a file /root/.ssh', 'mkdir root; echo >root/.ssh', 'key\n'],
  ['a dangling link /root/.ssh', 'mkdir root; ln -s nowhere root/.ssh', 'key\n'],
  ['a link /root/.ssh that leads out', 'mkdir root; ln -s ../../.. root/.ssh', 'key\n'],
  ['a file /root', 'echo >root', 'key\n'],
  ['a folder authorized_keys', 'mkdir -p root/.ssh/authorized_keys/in', 'key\n'],
  ['a link authorized_keys', 'mkdir -p root/.ssh; ln -s /no root/.ssh/authorized_keys', 'key\n'],
  ['a pipe authorized_keys', 'mkdir -p root/.ssh; mkfifo root/.ssh/authorized_keys', 'key\n'],
] as const) {
  test(`layOverlay() lets the server in where the image has ${what}`, async (t) => {
    const rootfs = await lay(t, command);
    const file = join(rootfs, 'root/.ssh/authorized_keys');
    t.true((await lstat(file)).isFile());
    t.is((await lstat(file)).mode & 0o777, 0o600);
    t.is(await readFile(file, 'utf8'), keys);
  });
}

for (const folder of ['proc', 'sys', 'dev', 'run']) {
  for (const [what, command] of [
    ['nothing', 'true'],
    ['a file', `echo >${folder}`],
    ['a dangling link', `ln -s /nowhere ${folder}`],
    ['a link that leads out', `ln -s ../.. ${folder}`],
  ] as const) {
    test(`layOverlay() gives nodes a folder /${folder} in the place of ${what}`, async (t) => {
      const found = await resolveFolderInside(await lay(t, command), folder);
      t.true((await lstat(found ?? '')).isDirectory());
    });
  }
}

test('layOverlay() leaves a link to a folder of the image as it is', async (t) => {
  const rootfs = await lay(t, 'mkdir -p var/run; ln -s /var/run run');
  t.true((await lstat(join(rootfs, 'run'))).isSymbolicLink());
});

for (const [what, command] of [
  ['is a file', 'echo >bin'],
  ['leads to a file', 'echo >etc; ln -s etc bin'],
  ['is below a file', 'echo >usr; ln -s usr/bin bin'],
  ['leads out of it', 'ln -s ../../outside bin'],
  ['goes round in circles', 'ln -s bin bin'],
] as const) {
  test(`layOverlay() refuses an image whose /bin ${what}`, async (t) => {
    const error = await t.throwsAsync(lay(t, command), { instanceOf: ImageError });
    t.regex(error?.message ?? '', /^\/bin of this image /);
  });
}

test('layOverlay() writes nowhere but into the image', async (t) => {
  const folder = await temporaryFolder(t);
  const [rootfs, overlay] = [join(folder, 'image'), join(folder, 'overlay')];
  await mkdir(join(folder, 'outside'));
  await chmod(join(folder, 'outside'), 0o755);
  await mkdir(overlay);
  await mkdir(rootfs);
  for (const name of ['run', 'proc', 'root']) await symlink('../outside', join(rootfs, name));
  await layOverlay(rootfs, { overlay, publicKey: 'key' });
  t.deepEqual(await readdir(join(folder, 'outside')), []);
});
