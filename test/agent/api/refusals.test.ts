// What the log keeps of calls that somebody's role is not enough for, and what callers are told of faults of the server.
import test from 'ava';
import type { ApiAnswers, RefusedCall } from '../../../agent/api/api-options.ts';
import { refusalAudit } from '../../../agent/api/audit.ts';
import { ROLES, type Role } from '../../../agent/api/calls/call.ts';
import { buildApi } from '../../../agent/api/routes.ts';
import { DiskError } from '../../../agent/errors.ts';

function apiOf(role: Role, answers: object, onRefused?: (refused: RefusedCall) => void) {
  return buildApi(answers as ApiAnswers, {
    onProblem: () => undefined,
    identify: () => ({ role, user: 'alice' }),
    ...(onRefused === undefined ? {} : { onRefused }),
  });
}

test('a call that a role is not enough for is told, one that it is enough for is not', async (t) => {
  const refused: RefusedCall[] = [];
  const api = apiOf(
    'user',
    { 'users.whoAmI': async () => ({ user: 'alice', role: 'user' }) },
    (one) => refused.push(one),
  );
  t.teardown(() => api.close());
  await api.inject({ method: 'GET', url: '/api/v1/whoami' });
  t.deepEqual(refused, []);
  t.is((await api.inject({ method: 'GET', url: '/api/v1/users' })).statusCode, 403);
  t.deepEqual(refused, [
    {
      name: 'users.list',
      by: { role: 'user', user: 'alice' },
      from: '127.0.0.1',
      reason: 'You may not do this: it takes role admin, yours is user',
    },
  ]);
});

test('refusalAudit() has one line for whoever tries the same call again and again', (t) => {
  let now = 0;
  const auditOf = refusalAudit(() => now);
  const refused = (user: string, name: string) =>
    auditOf({ name, by: { role: 'user', user }, from: '192.0.2.1', reason: 'You may not' });
  t.deepEqual(refused('alice', 'users.list'), {
    ...{ kind: 'call-made', by: 'alice', role: 'user', from: '192.0.2.1' },
    ...{ call: 'users.list', about: '', outcome: 'refused: You may not' },
  });
  for (; now < 3_600_000; now += 1000) t.is(refused('alice', 'users.list'), undefined);
  t.truthy(refused('bob', 'users.list'));
  t.truthy(refused('alice', 'users.create'));
  now += 600_000;
  t.truthy(refused('alice', 'users.list'));
});

for (const role of ROLES) {
  const knows = role === 'admin';
  test(`a fault of the server tells role ${role} ${knows ? 'its reason' : 'nothing of its files'}`, async (t) => {
    const fail = async () => {
      throw new Error("ENOENT: no such file or directory, open '/var/lib/walt/nodes'");
    };
    const api = apiOf(role, { 'users.whoAmI': fail });
    t.teardown(() => api.close());
    const { statusCode, body } = await api.inject({ method: 'GET', url: '/api/v1/whoami' });
    t.is(statusCode, 500);
    t.is(JSON.parse(body).code, 'fault');
    t.is(body.includes('/var/lib'), knows);
  });
}

for (const role of ROLES) {
  test(`a disk that takes nothing is said to role ${role}, and in the log`, async (t) => {
    const problems: unknown[] = [];
    const full = new DiskError('Cannot write to the database: the disk is full');
    const answers = { 'users.whoAmI': () => Promise.reject(full) };
    const api = buildApi(answers as unknown as ApiAnswers, {
      onProblem: (reason) => problems.push(reason),
      identify: () => ({ role, user: 'alice' }),
    });
    t.teardown(() => api.close());
    const { statusCode, body } = await api.inject({ method: 'GET', url: '/api/v1/whoami' });
    t.is(statusCode, 507);
    t.deepEqual(JSON.parse(body), {
      error:
        'Nothing was changed: cannot write to the database: the disk is full. walt doctor on the server says what helps',
      code: 'disk-full',
    });
    t.deepEqual(
      problems.map((problem) => (problem as Error).cause),
      [full],
    );
  });
}

test('nobody is told the head alone of an answer that comes in pieces: all of it would be read for nobody', async (t) => {
  let pages = 0;
  const read = async function* () {
    for (; pages < 10_000; pages += 1) yield [await new Promise((done) => setImmediate(done, {}))];
  };
  const api = apiOf('viewer', { 'logs.read': read, 'events.follow': read });
  t.teardown(() => api.close());
  for (const url of ['/api/v1/logs', '/api/v1/events']) {
    const { statusCode } = await api.inject({ method: 'HEAD', url });
    await new Promise((done) => setTimeout(done, 500));
    t.deepEqual([statusCode, pages], [404, 0], url);
  }
});
