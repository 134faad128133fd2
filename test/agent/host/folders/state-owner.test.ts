import { chown, link, lstat, mkdir, rmdir, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import {
  giveBack,
  giveState,
  ownUserOf,
  RUNNER_RECORDS,
  recordsOf,
} from '../../../../agent/host/folders/state-owner.ts';
import { runProgram } from '../../../../agent/host/processes/program.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const WALT = { uid: 47_001, gid: 47_002 };
const NODES = 47_003;

async function owners(folder: string, ...paths: string[]): Promise<number[]> {
  return await Promise.all(paths.map(async (path) => (await lstat(join(folder, path))).uid));
}

async function stateOfRoot(t: ExecutionContext) {
  const state = await temporaryFolder(t);
  for (const path of ['machines/525400000001', 'images/key/fs', 'tmp/work', 'persist/alice']) {
    await mkdir(join(state, path), { recursive: true, mode: 0o700 });
  }
  for (const path of ['walt.db', 'images/key/root.erofs', 'images/key/fs/passwd', 'tmp/work/a']) {
    await writeFile(join(state, path), '', { mode: 0o600 });
  }
  return state;
}

test("giveState() gives what is root's, with the folder of machines for a group", async (t) => {
  const state = await stateOfRoot(t);
  const qemu = join(state, 'machines/525400000001/console.log');
  await writeFile(qemu, '');
  await chown(qemu, 47_009, NODES);
  await giveState(state, WALT, NODES);
  const given = ['.', 'walt.db', 'images', 'images/key/root.erofs', 'tmp/work/a', 'machines'];
  t.deepEqual(
    await owners(state, ...given),
    given.map(() => WALT.uid),
  );
  const [own, machines] = [await stat(state), await stat(join(state, 'machines'))];
  t.deepEqual([own.gid, own.mode & 0o7777], [WALT.gid, 0o711]);
  t.deepEqual([machines.gid, machines.mode & 0o7777], [NODES, 0o710]);
  t.is((await stat(qemu)).uid, 47_009, 'what QEMU has made is its own');
  t.deepEqual(await ownUserOf(state), WALT);
  t.is(await recordsOf(state), RUNNER_RECORDS);
});

test('giveState() leaves the files of an image to their owners, and links that root makes to root', async (t) => {
  const state = await stateOfRoot(t);
  await giveState(state, WALT, NODES);
  await mkdir(join(state, 'nodes/192.168.152.2'), { recursive: true });
  await giveState(state, WALT, NODES);
  t.deepEqual(await owners(state, 'images/key/fs/passwd', 'nodes'), [0, 0]);
});

test('giveState() goes through no link, and leaves a file with a second name alone', async (t) => {
  const state = await stateOfRoot(t);
  const elsewhere = await temporaryFolder(t);
  await writeFile(join(elsewhere, 'shadow'), '');
  await symlink(elsewhere, join(state, 'tmp/out'));
  await link(join(elsewhere, 'shadow'), join(state, 'tmp/hard'));
  await giveState(state, WALT, NODES);
  t.deepEqual(await owners(elsewhere, '.', 'shadow'), [0, 0]);
  t.deepEqual(await owners(state, 'tmp/out'), [WALT.uid], 'the link itself is given');
});

test('giveState() bears a server that makes and removes folders meanwhile', async (t) => {
  const state = await stateOfRoot(t);
  let isOver = false;
  const work = async (name: string) => {
    while (!isOver) {
      await mkdir(join(state, 'tmp', name));
      await rmdir(join(state, 'tmp', name));
    }
  };
  const working = ['a', 'b', 'c', 'd'].map(work);
  t.teardown(async () => {
    isOver = true;
    await Promise.all(working);
  });
  for (let times = 0; times < 50; times += 1) await giveState(state, WALT, NODES);
  t.pass();
});

test('giveState() leaves what is mounted in the state folder alone', async (t) => {
  const state = await stateOfRoot(t);
  const place = join(state, 'persist/alice');
  await runProgram('mount', ['-t', 'tmpfs', 'tmpfs', place]);
  t.teardown(() => runProgram('umount', [place]));
  await writeFile(join(place, 'kept'), '');
  await giveState(state, WALT, NODES);
  t.deepEqual(await owners(state, 'persist/alice', 'persist/alice/kept', 'persist'), [
    0,
    0,
    WALT.uid,
  ]);
});

test('giveBack() gives what root has made to whom the state is, and nothing where that is root', async (t) => {
  const state = await stateOfRoot(t);
  await giveBack(state, 'tmp/work');
  t.deepEqual(await owners(state, 'tmp/work/a'), [0]);
  t.is(await ownUserOf(state), undefined);
  t.is(await recordsOf(state), state);
  await giveState(state, WALT, NODES);
  await writeFile(join(state, 'tmp/work/layer'), '');
  await giveBack(state, 'tmp/work');
  t.deepEqual(await owners(state, 'tmp/work/layer'), [WALT.uid]);
  await symlink('/etc', join(state, 'tmp/elsewhere'));
  await t.throwsAsync(giveBack(state, 'tmp/elsewhere'), { message: /Cannot open tmp\/elsewhere/ });
});
