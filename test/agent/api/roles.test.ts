// Every row of the table for every role, by real tokens; and what others may not reach by a flag.
import test from 'ava';
import type { FastifyInstance } from 'fastify';
import { nodeAnswers } from '../../../agent/api/answers/nodes.ts';
import type { ApiAnswers, MadeCall } from '../../../agent/api/api-options.ts';
import { whoeverHasToken } from '../../../agent/api/authorisation.ts';
import { type Call, ROLES, type Role } from '../../../agent/api/calls/call.ts';
import { calls } from '../../../agent/api/calls.ts';
import { buildApi } from '../../../agent/api/routes.ts';
import { OthersError } from '../../../agent/errors.ts';
import { nodeNamed } from '../../support/nodes/node-named.ts';
import { put } from '../../support/put.ts';
import { startTestPlatform, type TestPlatform } from '../cli/test-platform.ts';

let platform: TestPlatform;
const tokens = new Map<Role, string>();

test.before(async () => {
  platform = await startTestPlatform();
  for (const role of ROLES) {
    await platform.accounts.create(`the-${role}`, role);
    const wish = { user: `the-${role}`, name: 'test', days: 1, role: 'admin' } as const;
    tokens.set(role, (await platform.accounts.createToken(wish)).token);
  }
});

test.after.always(() => platform?.close());

function apiOf(answers: ApiAnswers, onCall: (made: MadeCall) => void = () => undefined) {
  const identify = whoeverHasToken(platform.accounts);
  return buildApi(answers, { onProblem: () => undefined, identify, onCall });
}

function asking(api: FastifyInstance, role: Role | undefined) {
  return async ({ method, path }: Pick<Call, 'method' | 'path'>, payload?: object) => {
    const token = role === undefined ? undefined : tokens.get(role);
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const { statusCode, body } = await api.inject({
      ...{ method, url: path, headers },
      ...(payload === undefined ? {} : { payload }),
    });
    return { status: statusCode, ...JSON.parse(body) };
  };
}

for (const role of [undefined, ...ROLES]) {
  test(`each row is for ${role ?? 'nobody without a token'} what it says`, async (t) => {
    const reached: string[] = [];
    const answers = Object.fromEntries(
      Object.keys(calls).map((name) => [name, async () => reached.push(name)]),
    ) as unknown as ApiAnswers;
    const api = apiOf(answers);
    t.teardown(() => api.close());
    const ask = asking(api, role);
    for (const [name, call] of Object.entries<Call>(calls)) {
      const may = role !== undefined && ROLES.indexOf(role) >= ROLES.indexOf(call.role);
      const { status, code } = await ask(call);
      if (call.isOpen === true || may) t.false([401, 403].includes(status), name);
      else t.like({ status, code }, denied(role), name);
      if (!may && call.isOpen !== true) t.false(reached.includes(name), name);
    }
  });
}

function denied(role: Role | undefined) {
  return role === undefined ? { status: 401, code: 'no-token' } : { status: 403, code: 'no-right' };
}

test('header x-walt-user makes nobody somebody else where a token tells who asks', async (t) => {
  const api = apiOf(platform.answers);
  t.teardown(() => api.close());
  const { body } = await api.inject({
    ...{ method: 'GET', url: '/api/v1/whoami' },
    headers: { authorization: `Bearer ${tokens.get('user')}`, 'x-walt-user': 'the-admin' },
  });
  t.deepEqual(JSON.parse(body), { user: 'the-user', role: 'user', hasPassword: false });
});

test('a user renames nodes of their own and free ones; those of others an operator alone, with the flag', async (t) => {
  const made: MadeCall[] = [];
  const api = apiOf(platform.answers, (one) => made.push(one));
  t.teardown(() => api.close());
  const { registry } = platform;
  await put(registry, nodeNamed('own', { ip: '127.0.152.21', image: 'the-user/pc:latest' }));
  await put(registry, nodeNamed('free', { ip: '127.0.152.22' }));
  await put(registry, nodeNamed('bobs', { ip: '127.0.152.23', image: 'bob/pc:latest' }));
  const rename = (role: Role, node: string, takesOthers: boolean) =>
    asking(api, role)(
      { method: 'POST', path: `/api/v1/nodes/${node}/rename` },
      { name: `${node}-1`, takesOthers },
    );
  t.is((await rename('user', 'own', true)).status, 200);
  t.is((await rename('user', 'free', false)).status, 200);
  t.like(await rename('user', 'bobs', false), { status: 403, code: 'of-others' });
  const refused = await rename('user', 'bobs', true);
  t.like(refused, { status: 403, code: 'of-others' });
  t.regex(refused.error, /bobs \(of bob\)\. Ask them: it takes role operator .*yours is user/);
  t.like(await rename('operator', 'bobs', false), { status: 409, code: 'of-others' });
  t.not(registry.byName('bobs'), undefined);
  t.is((await rename('operator', 'bobs', true)).status, 200);
  t.is(made.filter(({ outcome }) => outcome.startsWith('refused: Nothing')).length, 3);
});

test('lines that fail over nodes of others say the same', async (t) => {
  const answers = {
    ...platform.answers,
    'nodes.reboot': async function* () {
      yield* [];
      throw new OthersError('pc-1 is of bob');
    },
  };
  const api = apiOf(answers);
  t.teardown(() => api.close());
  const path = '/api/v1/nodes/reboot';
  const { error } = await asking(api, 'user')({ method: 'POST', path }, { names: ['pc-1'] });
  t.regex(error, /takes role operator/);
});

test('a page of another server makes no call, whatever token it has', async (t) => {
  const api = apiOf(platform.answers);
  t.teardown(() => api.close());
  const ask = async (origin: string) => {
    const headers = { authorization: `Bearer ${tokens.get('admin')}`, origin, host: 'walt:8443' };
    const { statusCode, headers: given } = await api.inject({
      ...{ method: 'GET', url: '/api/v1/version', headers },
    });
    t.is(given['access-control-allow-origin'], undefined);
    return statusCode;
  };
  t.is(await ask('https://walt:8443'), 200);
  for (const origin of ['https://evil.example', 'http://walt:8443', 'null', 'https://walt']) {
    t.is(await ask(origin), 403);
  }
});

test('a viewer who waits for nodes wakes none of them', async (t) => {
  const woken: string[] = [];
  const parts = {
    actions: {
      node: (name: string) => nodeNamed(name, { ip: '127.0.152.31' }),
      wait: async () => [],
    },
    saver: {
      wake: async (nodes: readonly { name: string }[]) =>
        woken.push(...nodes.map((one) => one.name)),
    },
  };
  const answers = nodeAnswers(parts as never);
  const api = apiOf({ ...platform.answers, ...answers });
  t.teardown(() => api.close());
  const wait = async (role: Role) =>
    await asking(api, role)(calls['nodes.wait'], { names: [`of-${role}`], timeoutSeconds: 0 });
  t.is((await wait('viewer')).status, 200);
  t.deepEqual(woken, []);
  t.is((await wait('user')).status, 200);
  t.deepEqual(woken, ['of-user']);
});

test('a user does not say to whom the server gives the password of a BMC, nor whose console it is', async (t) => {
  await put(platform.registry, nodeNamed('taken', { ip: '127.0.152.32' }));
  const api = apiOf(platform.answers);
  t.teardown(() => api.close());
  const set = async (role: Role, settings: object, names = ['taken']) =>
    await asking(api, role)(calls['nodes.config'], { names, settings });
  for (const settings of [
    { 'power.driver': 'redfish', 'power.argument': '192.0.2.66' },
    { console: '/dev/ttyUSB0,115200' },
    { timezone: 'UTC', 'snmp.community': 'x' },
  ]) {
    t.like(await set('user', settings), { status: 403, code: 'no-right' });
  }
  t.is((await set('user', { 'boot.retries': '2' })).status, 200);
  t.is((await set('operator', { 'power.driver': 'wake-on-lan' })).status, 200);
});

test('a token that is made by a token for longer ends with that one', async (t) => {
  const api = apiOf(platform.answers);
  t.teardown(() => api.close());
  const ask = asking(api, 'user');
  const { expires, ...made } = await ask(calls['tokens.create'], { name: 'ci', days: 90 });
  t.is(expires, platform.accounts.tokens('the-user').find(({ name }) => name === 'test')?.expires);
  t.false('maker' in made);
});
