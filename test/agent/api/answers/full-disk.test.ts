// Calls that a full disk refuses: the answer says what became of them, and that is so, in memory and on disk.
import { appendFile, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { Accounts } from '../../../../agent/access/accounts.ts';
import { logAnswers } from '../../../../agent/api/answers/logs.ts';
import { userAnswers } from '../../../../agent/api/answers/people/users.ts';
import { settingAnswers } from '../../../../agent/api/answers/settings.ts';
import { switchAnswers } from '../../../../agent/api/answers/switches.ts';
import { viewDevice } from '../../../../agent/api/answers/views.ts';
import type { ApiAnswers } from '../../../../agent/api/api-options.ts';
import { buildApi } from '../../../../agent/api/routes.ts';
import { DiskError } from '../../../../agent/errors.ts';
import { systemClock } from '../../../../agent/host/clock/clock.ts';
import { runProgram } from '../../../../agent/host/processes/program.ts';
import { DeviceSettings } from '../../../../agent/nodes/device-settings.ts';
import { NodeActions } from '../../../../agent/nodes/node-actions.ts';
import { Secrets } from '../../../../agent/secrets/secrets.ts';
import { nodeNamed } from '../../../support/nodes/node-named.ts';
import { put } from '../../../support/put.ts';
import { openRecords } from '../../../support/records.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const NODES = [
  nodeNamed('pc-1', { ip: '192.168.152.11' }),
  nodeNamed('pc-2', { ip: '192.168.152.12' }),
];
const CALLS: readonly (readonly [url: string, body: object])[] = [
  ['/api/v1/users', { name: 'bob', role: 'user' }],
  ['/api/v1/users/carol/change', { role: 'operator' }],
  ['/api/v1/logs/checkpoints', { name: 'here' }],
  ['/api/v1/nodes/config', { names: ['pc-1', 'pc-2'], settings: { netsetup: 'NAT' } }],
  ['/api/v1/devices/pc-1/credentials', { user: 'u', password: 'long enough 1', privacy: '' }],
  ['/api/v1/devices/pc-1/rename', { name: 'pc-9' }],
];

const NOTES = { hasNat: () => false, imageNoteOf: () => undefined };

/** What a server of this state knows. */
async function open(folder: string) {
  const records = await openRecords(join(folder, 'walt.db'), {}, systemClock);
  const { registry, publisher, publish, boots, checkpoints, logs, store } = records;
  const now = () => performance.now();
  const accounts = await Accounts.open({ records: store.access, clock: systemClock, now });
  const actions = new NodeActions({ registry, publisher, boots });
  const secrets = new Secrets(join(folder, 'secrets'));
  const ofSwitches = { registry, actions, secrets } as unknown as Parameters<
    typeof switchAnswers
  >[0];
  const answers = {
    ...userAnswers({ accounts }),
    ...logAnswers({ logs, checkpoints }),
    ...settingAnswers({
      actions,
      deviceSettings: new DeviceSettings({ registry, boots, publish }),
    }),
    ...switchAnswers(ofSwitches),
    'devices.rename': async ({ device, name }: { device: string; name: string }) =>
      viewDevice(await actions.rename(device, name, { by: 'root', takesOthers: true }), NOTES),
  };
  const api = buildApi(answers as unknown as ApiAnswers, { onProblem: () => undefined });
  const known = async () => ({
    devices: registry.all(),
    users: accounts.users(),
    checkpoints: await checkpoints.of('root'),
    secret: await secrets.of(NODES[0]?.mac ?? ''),
  });
  const ask = async (url: string, payload: object) => {
    const headers = { 'x-walt-user': 'root' };
    const { statusCode, body } = await api.inject({ method: 'POST', url, payload, headers });
    return { statusCode, ...JSON.parse(body) };
  };
  const close = async () => {
    await api.close();
    await store.close();
  };
  return { registry, known, ask, close };
}

async function fill(folder: string): Promise<void> {
  const { bfree, bsize } = await statfs(folder);
  await appendFile(join(folder, 'filler'), Buffer.alloc((bfree + 1) * bsize)).catch(
    () => undefined,
  );
}

test('a call that a full disk refuses has changed nothing, and says so', async (t) => {
  const folder = await temporaryFolder(t);
  await runProgram('mount', ['-t', 'tmpfs', '-o', 'size=8m,mode=0700', 'walt-test', folder]);
  t.teardown(() => runProgram('umount', ['--lazy', folder]).then(() => undefined));
  const server = await open(folder);
  for (const node of NODES) await put(server.registry, node);
  t.is((await server.ask('/api/v1/users', { name: 'carol', role: 'user' })).statusCode, 200);
  await fill(folder);
  // The last block that the database has may still have room.
  let last = 200;
  for (let tries = 0; tries < 100 && last === 200; tries += 1) {
    last = (await server.ask('/api/v1/logs/checkpoints', { name: `filler-${tries}` })).statusCode;
  }
  t.is(last, 507);
  // So may the journal of devices: what it takes is on disk. Soon the database lets nothing into it any more.
  last = 200;
  for (let tries = 0; tries < 500 && last === 200; tries += 1) {
    const settings = { netsetup: tries % 2 === 0 ? 'NAT' : 'LAN' };
    last = (await server.ask('/api/v1/nodes/config', { names: ['pc-1'], settings })).statusCode;
    await sleep(10);
  }
  t.is(last, 507);
  const before = await server.known();
  for (const [url, body] of CALLS) {
    const { statusCode, error, code } = await server.ask(url, body);
    t.deepEqual([statusCode, code], [507, 'disk-full'], `${url}: ${error}`);
    t.regex(error, /^Nothing was changed: .*the disk is full.* walt doctor on the server/, url);
    t.deepEqual(await server.known(), before, url);
  }
  await rm(join(folder, 'filler'));
  await server.close();
  const next = await open(folder);
  t.teardown(() => next.close());
  t.deepEqual(await next.known(), before, 'on disk');
  for (const [url, body] of CALLS) {
    const { statusCode, error } = await next.ask(url, body);
    t.is(statusCode, 200, `${url}: ${error}`);
  }
});

test('a call that has changed something before the disk was full does not say that it has not', async (t) => {
  const records = await openRecords();
  t.teardown(() => records.store.close());
  const { checkpoints } = records;
  const answers = {
    'logs.addCheckpoint': async ({ name }: { name: string }, { user }: { user: string }) => {
      await checkpoints.add({ user, name });
      throw new DiskError('Cannot write to the database: the disk is full');
    },
  };
  const api = buildApi(answers as unknown as ApiAnswers, { onProblem: () => undefined });
  t.teardown(() => api.close());
  const { body } = await api.inject({
    ...{ method: 'POST', url: '/api/v1/logs/checkpoints', payload: { name: 'here' } },
    headers: { 'x-walt-user': 'root' },
  });
  t.regex(
    JSON.parse(body).error,
    /^Not all of it was done: cannot write to the database: the disk/,
  );
});
