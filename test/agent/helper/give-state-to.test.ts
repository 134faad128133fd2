import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { giveStateTo } from '../../../agent/helper/give-state-to.ts';
import { ownUserOf } from '../../../agent/host/folders/state-owner.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** Users and groups of each Debian: 34, and 1. */
const [user, machines] = ['backup', 'daemon'];

/** A disk of its own: what is below /tmp the server would not see. */
async function folders(t: ExecutionContext) {
  const folder = await temporaryFolder(t, '/var/lib');
  return { state: join(folder, 'state'), records: join(folder, 'records') };
}

test('giveStateTo() makes the folder, and gives it to the user', async (t) => {
  const { state, records } = await folders(t);
  await giveStateTo({ user, machines, records }, state);
  t.deepEqual(await ownUserOf(state), { uid: 34, gid: 34 });
  t.is((await stat(join(state, 'machines'))).gid, 1);
});

test('giveStateTo() takes what helpers of before kept out of the folder, and once only', async (t) => {
  const { state, records } = await folders(t);
  await mkdir(join(state, 'nfs'), { recursive: true });
  await writeFile(join(state, 'nfs/exports.json'), '[]');
  await writeFile(join(state, 'names.pid'), '{}');
  await giveStateTo({ user, machines, records }, state);
  t.deepEqual((await readdir(records)).toSorted(), ['names.pid', 'nfs']);
  t.is(await readFile(join(records, 'nfs/exports.json'), 'utf8'), '[]');
  t.is((await stat(join(records, 'nfs'))).uid, 0);
  // What is there now is the server's.
  await mkdir(join(state, 'ip-forward'));
  await giveStateTo({ user, machines, records }, state);
  t.deepEqual((await readdir(records)).toSorted(), ['names.pid', 'nfs']);
});

test('giveStateTo() says that there is no such user, or that the unit would not see the folder', async (t) => {
  const { state, records } = await folders(t);
  const nobody = { user: 'walt-nobody-has-it', machines, records };
  await t.throwsAsync(giveStateTo(nobody, state), { message: /There is no user walt-nobody/ });
  for (const place of ['/home/walt', '/root/state', '/tmp/state', '/var/tmp/x']) {
    await t.throwsAsync(giveStateTo({ user, machines, records }, place), {
      message: /Cannot keep the state in .*Name another folder/,
    });
  }
});
