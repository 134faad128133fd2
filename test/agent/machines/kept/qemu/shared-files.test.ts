import { chown, link, mkdir, rename, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { runProgram } from '../../../../../agent/host/processes/program.ts';
import { machineFiles } from '../../../../../agent/machines/kept/machine-files.ts';
import { qemuPid } from '../../../../../agent/machines/kept/qemu/qemu-process.ts';
import {
  openMachineFolder,
  shareWith,
} from '../../../../../agent/machines/kept/qemu/shared-files.ts';
import { temporaryFolder } from '../../../../support/temporary-folder.ts';

const MAC = '52:54:00:00:00:01';
const WALT = 47_001;
/** A user of each Debian, and its group. */
const USER = { name: 'daemon', gid: 1 };

async function machine(t: ExecutionContext) {
  const state = await temporaryFolder(t);
  const files = machineFiles(join(state, 'machines'), MAC);
  await mkdir(files.folder, { recursive: true, mode: 0o700 });
  await chown(files.folder, WALT, WALT);
  for (const path of [files.disk(0), files.vars, files.hardware]) {
    await writeFile(path, 'x', { mode: 0o600 });
    await chown(path, WALT, WALT);
  }
  return { state, files };
}

const ownerOf = async (path: string) => {
  const { uid, gid, mode } = await stat(path);
  return [uid, gid, (mode & 0o7777).toString(8)];
};

test('shareWith() lets a user write to disks and variables, which stay the server’s', async (t) => {
  const { files } = await machine(t);
  await using folder = await openMachineFolder(files);
  await shareWith(USER.name, folder);
  t.deepEqual(await ownerOf(files.folder), [WALT, USER.gid, '770']);
  t.deepEqual(await ownerOf(files.disk(0)), [WALT, USER.gid, '660']);
  t.deepEqual(await ownerOf(files.vars), [WALT, USER.gid, '660']);
  t.deepEqual(await ownerOf(files.hardware), [WALT, WALT, '600'], 'QEMU has no use for it');
});

test('shareWith() gives no file that a link or a second name leads to', async (t) => {
  const { state, files } = await machine(t);
  const secret = join(state, 'secret');
  await writeFile(secret, 'of root', { mode: 0o600 });
  await symlink(secret, files.disk(1));
  await using folder = await openMachineFolder(files);
  await t.throwsAsync(shareWith(USER.name, folder), { code: 'ELOOP' });
  await rename(files.disk(1), join(state, 'link'));
  await link(secret, files.disk(1));
  await t.throwsAsync(shareWith(USER.name, folder), { message: /has another name, too/ });
  t.deepEqual(await ownerOf(secret), [0, 0, '600']);
});

test('openMachineFolder() goes through no link, and reads none', async (t) => {
  const { state, files } = await machine(t);
  await symlink('/etc/passwd', files.messages);
  await using folder = await openMachineFolder(files);
  await t.throwsAsync(folder.read('messages'), { code: 'ELOOP' });
  const [machines, elsewhere] = [join(state, 'machines'), join(state, 'elsewhere')];
  await rename(machines, elsewhere);
  await symlink(elsewhere, machines);
  await t.throwsAsync(openMachineFolder(files), { message: /Cannot open machines\// });
});

test('openMachineFolder() reads the end of a file alone, and waits for nobody who holds a pipe', async (t) => {
  const { files } = await machine(t);
  await runProgram('mkfifo', [files.pid]);
  await using folder = await openMachineFolder(files);
  await t.throwsAsync(folder.read('pid'), { message: /it is no file/ });
  t.is(await qemuPid(files), undefined);
  await writeFile(files.messages, '');
  t.is(await folder.read('messages'), '');
  await writeFile(files.messages, 'much\n'.repeat(50_000).concat('the last word\n'));
  const read = await folder.read('messages');
  t.true(read.length <= 2 ** 16);
  t.regex(read, /\nthe last word\n$/);
});

test('shareWith() says that there is no such user', async (t) => {
  const { files } = await machine(t);
  await using folder = await openMachineFolder(files);
  await t.throwsAsync(shareWith('walt-nobody-has-it', folder), { message: /There is no user/ });
});
