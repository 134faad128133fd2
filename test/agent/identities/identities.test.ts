import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { WaltError } from '../../../agent/errors.ts';
import { Identities } from '../../../agent/identities/identities.ts';
import { identityText, newIdentity } from '../../../agent/identities/identity.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const MAC = '52:54:00:00:00:01';
const OTHER = '52:54:00:00:00:02';

async function open(folder: string, known: readonly string[] = [MAC]): Promise<Identities> {
  const identities = new Identities(folder);
  await identities.open((mac) => known.includes(mac));
  return identities;
}

test('Identities gives a boot its identity once, the same at each boot, over restarts', async (t) => {
  const folder = join(await temporaryFolder(t), 'identities');
  const before = await open(folder);
  const asked = await Promise.all([before.give(MAC, 7), before.give(MAC, 7)]);
  const [first, ...others] = asked.filter((each) => each !== undefined);
  t.deepEqual(others, []);
  t.is(await before.give(MAC, 7), undefined);
  const after = await open(folder);
  t.is(await after.give(MAC, 7), undefined, 'a restart of the server is no boot of the node');
  t.is((await after.give(MAC, 8))?.hostKey, first?.hostKey);
  const other = await after.give(OTHER, 9);
  t.not(other?.machineId, first?.machineId);
  t.not(other?.hostKey, first?.hostKey);
});

test('Identities writes the host key of a node for ssh, and forgets it with the node', async (t) => {
  const folder = await temporaryFolder(t);
  const identities = await open(folder);
  t.is(await identities.knownHostsFile(MAC), undefined);
  const given = await identities.give(MAC, 1);
  const files = await Promise.all([1, 2, 3].map(() => identities.knownHostsFile(MAC)));
  t.is(new Set(files).size, 1);
  const [file = ''] = files;
  t.is(await readFile(file, 'utf8'), `${MAC} ${given?.publicKey}\n`);
  await writeFile(file, 'what somebody changed');
  await identities.knownHostsFile(MAC);
  t.is(await readFile(file, 'utf8'), `${MAC} ${given?.publicKey}\n`);
  await identities.forget(MAC);
  t.deepEqual(await readdir(folder), []);
});

test('Identities keeps its files for root alone', async (t) => {
  const folder = join(await temporaryFolder(t), 'identities');
  await mkdir(folder, { mode: 0o755 });
  await (await open(folder)).give(MAC, 1);
  t.is((await stat(folder)).mode & 0o777, 0o700);
  t.is((await stat(join(folder, `${MAC}.json`))).mode & 0o777, 0o600);
});

test('Identities forgets a device at once, and at its start those that are gone', async (t) => {
  const folder = await temporaryFolder(t);
  const identities = await open(folder);
  const first = await identities.give(MAC, 1);
  await identities.forget(MAC);
  await identities.forget(OTHER);
  t.deepEqual(await readdir(folder), []);
  t.not((await identities.give(MAC, 1))?.machineId, first?.machineId);
  await identities.give(OTHER, 2);
  await writeFile(join(folder, `${MAC}.json.new`), 'left by a server that was killed');
  await open(folder, [OTHER]);
  t.deepEqual(await readdir(folder), [`${OTHER}.json`]);
});

test('Identities names a damaged file, changes nothing, and gives once it is gone', async (t) => {
  const folder = await temporaryFolder(t);
  const identities = await open(folder);
  const file = join(folder, `${MAC}.json`);
  for (const text of [
    '{',
    '[]',
    '{"boot":1}',
    'null',
    '{"boot":"1","hostKey":"","publicKey":"","machineId":""}',
  ]) {
    await writeFile(file, text);
    const error = await t.throwsAsync(identities.give(MAC, 1), { instanceOf: WaltError });
    t.true(error?.message.includes(file));
    t.is(await readFile(file, 'utf8'), text);
  }
  await identities.forget(MAC);
  t.truthy(await identities.give(MAC, 1));
  await t.throwsAsync(identities.give('../../x', 1), { instanceOf: TypeError });
});

test('identityText() is the machine-id, the public key and the private key', (t) => {
  const given = newIdentity(MAC);
  const [id = '', publicKey = '', ...rest] = identityText(given).split('\n');
  t.regex(id, /^[0-9a-f]{12}4[0-9a-f]{3}[89ab][0-9a-f]{15}$/);
  t.true(publicKey.startsWith('ssh-ed25519 ') && publicKey.endsWith(` ${MAC}`));
  t.is(rest.join('\n'), given.hostKey);
  t.true(given.hostKey.endsWith('-----END OPENSSH PRIVATE KEY-----\n'));
});
