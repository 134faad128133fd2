// Settings that may open something: no call, log line, event or metric shows them to who may not set them.
import test from 'ava';
import type { FastifyInstance } from 'fastify';
import { whoeverHasToken } from '../../../agent/api/authorisation.ts';
import { type Call, ROLES, type Role } from '../../../agent/api/calls/call.ts';
import { calls } from '../../../agent/api/calls.ts';
import { buildApi } from '../../../agent/api/routes.ts';
import { CASES, type Lab, openLab } from './call-cases.ts';

type Fields = Readonly<Record<string, unknown>>;

const COMMUNITY = 'c0mmunity-of-the-lab';
const KEY = 'key-of-the-plug';
const PASSWORD = 'p4ssw0rd-of-the-switch';
const WRONG = 'mistyped-c0mmunity';
const SECRETS = [COMMUNITY, KEY, PASSWORD, WRONG];

let lab: Lab;
let api: FastifyInstance;
let firstEvent = '';
const tokens = new Map<Role, string>();

test.before(async (t) => {
  t.timeout(60_000);
  lab = await openLab();
  const { accounts, answers } = lab.platform;
  for (const role of ROLES) {
    await accounts.create(`the-${role}`, role);
    const wish = { user: `the-${role}`, name: 'test', days: 1, role } as const;
    tokens.set(role, (await accounts.createToken(wish)).token);
  }
  const identify = whoeverHasToken(accounts);
  api = buildApi(answers, { onProblem: (reason) => t.log(reason), identify });
  const { text } = await ask('admin', calls['events.follow'], { seconds: 0 });
  firstEvent = /^id: (.+)$/m.exec(text)?.[1] ?? '';
  const set = async (device: string, settings: Fields) =>
    await ask('operator', calls['devices.config'], {
      ...{ names: [device], settings, takesOthers: true },
    });
  const password = { device: 'sw-1', user: '', password: PASSWORD, privacy: '' };
  const done = [
    await set('sw-1', { 'snmp.community': COMMUNITY }),
    await set('mine', { 'power.driver': 'http', 'power.argument': `ftp://10.0.0.9/?key=${KEY} x` }),
    await ask('operator', calls['devices.credentials'], password),
  ];
  t.deepEqual(
    done.map(({ status }) => status),
    [200, 200, 200],
  );
  const wrong = await set('sw-1', { 'snmp.community': `${WRONG} with blanks` });
  t.is(wrong.status, 400);
  t.false(wrong.text.includes(WRONG), wrong.text);
});

test.after.always(async () => {
  await api?.close();
  await lab?.close();
});

async function ask(role: Role, { method, path, params, body, takesBytes }: Call, fields: Fields) {
  const isParam = (name: string) => params !== undefined && name in params.shape;
  const url = path.replace(/:(\w+)/, (_, name: string) => String(fields[name]));
  const values = Object.fromEntries(Object.entries(fields).filter(([name]) => !isParam(name)));
  const query = Object.fromEntries(Object.entries(values).map(([key, value]) => [key, `${value}`]));
  const isBytes = takesBytes === true;
  const answer = await api.inject({
    ...{ method, url },
    ...(isBytes
      ? { query, payload: 'bytes' }
      : body === undefined
        ? { query }
        : { payload: values }),
    headers: {
      authorization: `Bearer ${tokens.get(role)}`,
      'last-event-id': firstEvent,
      ...(isBytes ? { 'content-type': 'application/octet-stream' } : {}),
    },
  });
  return { status: answer.statusCode, text: answer.body };
}

/** In place of the good requests of other tests: all that there is, and nothing that takes the secrets away. */
const OTHERS: Readonly<Record<string, Fields>> = {
  'nodes.config': { names: ['mine'], settings: { 'boot.retries': '3' } },
  'devices.config': { names: ['sw-1'], settings: { netsetup: 'NAT' } },
  'nodes.settings': { names: ['mine'] },
  'devices.settings': { names: ['mine', 'sw-1'] },
  'devices.credentials': { device: 'unknown-1', user: '', password: 'other', privacy: '' },
  'logs.read': { from: 0, to: Number.MAX_SAFE_INTEGER, realtime: false },
  'events.follow': { seconds: 0.2 },
  'nodes.power': { names: ['mine'], verb: 'on', takesOthers: true },
};
/** What a role did before another one does it again may be in the way: refusals are answers, too. */
async function goodRequest(name: string): Promise<Fields> {
  try {
    return (await CASES[name]?.(lab)) ?? {};
  } catch {
    return {};
  }
}

/** What an operator may set, an operator is shown. */
const SHOWN: Readonly<Record<string, readonly string[]>> = {
  'nodes.settings': [KEY],
  'devices.settings': [COMMUNITY, KEY],
};
/** A shell stays open until its request ends. */
const ENDLESS = ['images.shell', 'images.resumeShell'];
/** Of one's own account: the token is needed for what comes behind. */
const OWN = ['users.setPassword', 'sessions.logOut'];

for (const role of ROLES) {
  test.serial(`no row tells role ${role} what it may not set`, async (t) => {
    t.timeout(180_000);
    for (const [name, call] of Object.entries<Call>(calls)) {
      if (ENDLESS.includes(name) || OWN.includes(name)) continue;
      const isAllowed = ROLES.indexOf(role) >= ROLES.indexOf(call.role);
      const made = isAllowed ? await goodRequest(name) : {};
      const { text } = await ask(role, call, OTHERS[name] ?? made ?? {});
      const seen = SECRETS.filter((secret) => text.includes(secret));
      const may = ROLES.indexOf(role) >= ROLES.indexOf('operator');
      t.deepEqual(seen, may ? [...(SHOWN[name] ?? [])] : [], `${name}: ${text.slice(0, 2000)}`);
    }
  });
}

test.serial('the log and the events say that a secret is another', async (t) => {
  const log = await ask('viewer', calls['logs.read'], OTHERS['logs.read'] ?? {});
  t.regex(log.text, /sw-1 is configured by the-operator: snmp\.community is another \(not shown\)/);
  const events = await ask('viewer', calls['events.follow'], { types: 'configured', seconds: 0.2 });
  t.regex(events.text, /"key":"snmp\.community","from":"","to":"","isHidden":true/);
});

test.serial('settings that are not shown say so', async (t) => {
  const { text } = await ask('user', calls['devices.settings'], { names: ['sw-1'] });
  const [{ settings }] = JSON.parse(text).devices;
  const community = settings.find(({ key }: { key: string }) => key === 'snmp.community');
  t.like(community, { value: '', isDefault: false, isHidden: true });
});
