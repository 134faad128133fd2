// Our files over an image that has something else in their places.
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { ImageError } from '../../../../../agent/errors.ts';
import { runProgram } from '../../../../../agent/host/processes/program.ts';
import { layOverlay } from '../../../../../agent/images/content/node-side/lay-overlay.ts';
import { find } from '../../../../../agent/images/content/tree/find.ts';
import { treeFiles } from '../../../../../agent/images/content/tree/tree-files.ts';
import { treeOf } from '../../../../support/images/tree-of.ts';
import { temporaryFolder } from '../../../../support/temporary-folder.ts';

/** An image changed by a shell command, with the overlay laid over it. */
async function lay(t: ExecutionContext, command: string) {
  const folder = await temporaryFolder(t);
  const [image, overlay] = [join(folder, 'image'), join(folder, 'overlay')];
  await mkdir(join(overlay, 'bin'), { recursive: true });
  await writeFile(join(overlay, 'bin/walt-tool'), 'ours');
  await chmod(join(overlay, 'bin/walt-tool'), 0o775);
  await writeFile(join(overlay, 'bin/walt-list'), 'list', { mode: 0o600 });
  await mkdir(image);
  await runProgram('sh', ['-ec', `cd "$1"; ${command}`, 'sh', image]);
  const tree = await treeOf(image);
  const files = treeFiles(tree, []);
  await layOverlay(tree, { overlay, publicKey: 'key', files });
  const at = (path: string) => {
    const found = find(tree, path);
    return found.kind === 'found' ? { place: found.path, ...found.node } : undefined;
  };
  return { tree, at, files };
}

for (const [what, command] of [
  ['nothing', 'true'],
  ['a file', 'mkdir bin; echo other >bin/walt-tool'],
  ['a folder', 'mkdir -p bin/walt-tool/in; echo >bin/walt-tool/in/file'],
  ['a dangling link', 'mkdir bin; ln -s nowhere bin/walt-tool'],
  ['an absolute link', 'mkdir bin; ln -s /etc/passwd bin/walt-tool'],
  ['a link to a folder', 'mkdir -p bin etc; ln -s ../etc bin/walt-tool'],
  ['a link to itself', 'mkdir bin; ln -s walt-tool bin/walt-tool'],
  ['a pipe', 'mkdir bin; mkfifo bin/walt-tool'],
] as const) {
  test(`layOverlay() puts its file in the place of ${what}`, async (t) => {
    const { at, files } = await lay(t, command);
    t.like(at('bin/walt-tool'), { kind: 'file', place: 'bin/walt-tool' });
    t.is(await files.textOf('bin/walt-tool'), 'ours');
  });
}

test('layOverlay() gives files the same owner, mode and time on every machine', async (t) => {
  const { at } = await lay(t, 'mkdir bin');
  const same = { uid: 0, gid: 0, seconds: 0, nanoseconds: 0 };
  t.like(at('bin/walt-tool'), { attributes: { mode: 0o755, ...same } });
  t.like(at('bin/walt-list'), { attributes: { mode: 0o644, ...same } });
  t.like(at('root/.ssh'), { attributes: { mode: 0o700, ...same } });
  t.like(at('root/.ssh/authorized_keys'), { attributes: { mode: 0o600, ...same } });
});

for (const [what, command, keys] of [
  ['nothing', 'true', 'key\n'],
  ['keys', 'mkdir -p root/.ssh; echo other >root/.ssh/authorized_keys', 'other\nkey\n'],
  ['our key', 'mkdir -p root/.ssh; echo key >root/.ssh/authorized_keys', 'key\n'],
  ['a file /root/.ssh', 'mkdir root; echo >root/.ssh', 'key\n'],
  ['a dangling link /root/.ssh', 'mkdir root; ln -s nowhere root/.ssh', 'key\n'],
  ['a link /root/.ssh that leads out', 'mkdir root; ln -s ../../.. root/.ssh', 'key\n'],
  ['a file /root', 'echo >root', 'key\n'],
  ['a folder authorized_keys', 'mkdir -p root/.ssh/authorized_keys/in', 'key\n'],
  ['a link authorized_keys', 'mkdir -p root/.ssh; ln -s /no root/.ssh/authorized_keys', 'key\n'],
  ['a pipe authorized_keys', 'mkdir -p root/.ssh; mkfifo root/.ssh/authorized_keys', 'key\n'],
] as const) {
  test(`layOverlay() lets the server in where the image has ${what}`, async (t) => {
    const { at, files } = await lay(t, command);
    t.like(at('root/.ssh/authorized_keys'), { kind: 'file', attributes: { mode: 0o600 } });
    t.is(await files.textOf('root/.ssh/authorized_keys'), keys);
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
      t.is((await lay(t, command)).at(folder)?.kind, 'folder');
    });
  }
}

test('layOverlay() follows links to folders of the image, and leaves them as they are', async (t) => {
  const { tree, at } = await lay(
    t,
    'mkdir -p var/run usr/bin; ln -s /var/run run; ln -s usr/bin bin',
  );
  t.is(tree.children.get('run')?.kind, 'link');
  t.like(at('bin/walt-tool'), { place: 'usr/bin/walt-tool', kind: 'file' });
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
    t.regex(error?.message ?? '', /^\/bin of this image has to be a folder/);
  });
}

test('layOverlay() lists the files with capabilities, whatever list an image brings', async (t) => {
  const none = await lay(t, 'mkdir bin; echo 00 /etc/passwd >bin/walt-capabilities.list');
  t.is(await none.files.textOf('bin/walt-capabilities.list'), '');
  const folder = await temporaryFolder(t);
  const overlay = join(folder, 'overlay');
  await mkdir(overlay);
  await writeFile(join(folder, 'ping'), 'x');
  const tree = await treeOf(folder);
  const ping = tree.children.get('ping');
  if (ping === undefined) return t.fail();
  const xattrs = { 'security.capability': '\x01\x00\x00\x02', 'user.other': 'x' };
  ping.attributes = { ...ping.attributes, xattrs };
  const files = treeFiles(tree, []);
  await layOverlay(tree, { overlay, publicKey: 'key', files });
  t.is(await files.textOf('bin/walt-capabilities.list'), '01000002 /ping\n');
});
