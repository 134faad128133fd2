// With real file systems and mounts, by a helper at a socket.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { mountsOf } from '../../../agent/host/folders/mount-table.ts';
import { whyNotMountable } from '../../../agent/images/content/roots/mounts.ts';
import { KeptShares } from '../../../agent/keeping/kept-shares.ts';
import { runHelper } from '../../support/helper/run-helper.ts';
import { openImageStore } from '../../support/images/image-store.ts';
import { makeTinyImage } from '../../support/images/tiny-image.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const MAC = '52:54:00:00:00:01';
const BYTES = 16 * 2 ** 20;

async function stateWithHelper(t: ExecutionContext) {
  const state = join(await temporaryFolder(t), 'state');
  await mkdir(join(state, 'tmp'), { recursive: true });
  return { state, ...(await runHelper(t, { state })) };
}

const mountsBelow = async (folder: string) =>
  [...(await mountsOf('self')).keys()].filter((place) => place.startsWith(`${folder}/`));

test('the helper mounts an EROFS file system, and takes it away again', async (t) => {
  const { state, mounter, printed } = await stateWithHelper(t);
  t.is(await whyNotMountable(join(state, 'tmp'), mounter), undefined);
  t.deepEqual(await mountsBelow(state), []);
  t.deepEqual(printed, []);
});

test('the helper mounts images of a store', async (t) => {
  const folder = await temporaryFolder(t);
  const state = join(folder, 'state');
  const { mounter } = await runHelper(t, { state });
  const { store, progress } = await openImageStore(folder, { mounter });
  await store.import(await makeTinyImage(join(folder, 'tiny'), {}), {
    name: 'alice/web',
    progress,
  });
  const root = store.rootOf(store.keyOf('alice/web:latest') ?? '');
  t.deepEqual(await mountsBelow(state), [root]);
  const { options } = (await mountsOf('self')).get(root) ?? {};
  t.regex(options ?? '', /^ro\b/);
  t.true((await readFile(join(root, 'bin/walt-init'), 'utf8')).startsWith('#!'));
});

test('the helper mounts the disks of shares', async (t) => {
  const { state, mounter } = await stateWithHelper(t);
  const shares = new KeptShares(join(state, 'persist'), { bytes: BYTES, mounter });
  const { path, disk } = await shares.open({ owner: 'alice', mac: MAC });
  await writeFile(join(path, 'note'), 'kept');
  t.deepEqual(await mountsBelow(state), [disk]);
  await shares.remove(MAC);
  t.deepEqual(await mountsBelow(state), []);
});

test('the helper mounts nothing over a link, and no file that a link names', async (t) => {
  const { state, mounter } = await stateWithHelper(t);
  const shares = new KeptShares(join(state, 'persist'), { bytes: BYTES, mounter });
  const { disk } = await shares.open({ owner: 'alice', mac: MAC });
  await mounter.unmount(disk);
  const elsewhere = await temporaryFolder(t);
  await rename(`${disk}.disk`, join(elsewhere, 'disk'));
  await symlink(join(elsewhere, 'disk'), `${disk}.disk`);
  await t.throwsAsync(mounter.mountExt4(disk, `${disk}.disk`, { name: 'files', uid: 1001 }), {
    message: /Cannot open persist\//,
  });
  await rm(`${disk}.disk`);
  await rename(join(elsewhere, 'disk'), `${disk}.disk`);
  await rm(disk, { recursive: true });
  await symlink(elsewhere, disk);
  await t.throwsAsync(mounter.mountExt4(disk, `${disk}.disk`, { name: 'files', uid: 1001 }), {
    message: /Cannot open persist\//,
  });
  t.deepEqual([...(await mountsBelow(state)), ...(await mountsBelow(elsewhere))], []);
});

test('the helper mounts nothing over what is mounted', async (t) => {
  const { state, mounter } = await stateWithHelper(t);
  const shares = new KeptShares(join(state, 'persist'), { bytes: BYTES, mounter });
  const { disk } = await shares.open({ owner: 'alice', mac: MAC });
  await t.throwsAsync(mounter.mountExt4(disk, `${disk}.disk`, { name: 'files', uid: 1001 }), {
    message: /Cannot mount persist\/alice\/.*: something is mounted there/,
  });
  t.deepEqual(await mountsBelow(state), [disk]);
});

test('the helper says what is wrong, by the names of files', async (t) => {
  const { state, mounter, printed } = await stateWithHelper(t);
  const trial = join(state, 'tmp/mount-1');
  await mkdir(join(trial, 'fs'), { recursive: true });
  await writeFile(join(trial, 'erofs'), Buffer.alloc(4096));
  const mountable = { file: join(trial, 'erofs'), data: [] };
  await t.throwsAsync(mounter.mountErofs(join(trial, 'fs'), mountable), {
    message: /tmp\/mount-1\/fs: wrong fs type/,
  });
  t.is(printed.length, 1);
  await t.throwsAsync(mounter.unmount(join(trial, 'fs')), { message: /nothing is mounted there/ });
});

test('the helper takes away no mounts but those of images and shares', async (t) => {
  const { state, mounter } = await stateWithHelper(t);
  for (const place of [state, join(state, 'images'), '/proc', join(state, '..')]) {
    await t.throwsAsync(async () => mounter.unmount(place), undefined, place);
  }
  t.true((await mountsOf('self')).has('/proc'));
});

test('the helper shows mounts to no process that may have made its mounts itself', async (t) => {
  const { mounter, printed } = await stateWithHelper(t);
  const start = async (...how: string[]) => {
    const child = spawn('setpriv', [
      '--reuid=65534',
      '--clear-groups',
      ...how,
      'sh',
      '-c',
      'echo; cat',
    ]);
    t.teardown(() => child.kill());
    await once(child.stdout, 'data');
    return child.pid ?? 0;
  };
  // rpcbind becomes another user.
  await t.notThrowsAsync(mounter.showMounts(await start(), []));
  const theirs = await start('unshare', '--user', '--map-root-user', '--mount');
  // The last one is a number that no process has.
  for (const pid of [theirs, 2 ** 22]) {
    await t.throwsAsync(mounter.showMounts(pid, []), { message: /users of its own/ });
  }
  t.is(printed.length, 2);
});
