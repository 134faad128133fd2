import test from 'ava';
import type { ApiAnswers } from '../../../agent/api/api-options.ts';
import { authorise, whoeverIsOnTheSocket } from '../../../agent/api/authorisation.ts';
import { type Call, ROLES, type Role } from '../../../agent/api/calls/call.ts';
import { calls } from '../../../agent/api/calls.ts';
import { buildApi } from '../../../agent/api/routes.ts';
import { RequestError } from '../../../agent/errors.ts';

test('authorise() lets a role do what it and those before it may', (t) => {
  for (const [place, role] of ROLES.entries()) {
    for (const [needed, other] of ROLES.entries()) {
      const asked = () => authorise({ role: other }, () => ({ role, user: 'alice' }));
      if (place >= needed) t.deepEqual(asked(), { role, user: 'alice' }, `${role} ${other}`);
      else t.like(t.throws(asked, { instanceOf: RequestError }), { status: 403 });
    }
  }
});

test('authorise() asks for a name from all but viewers', (t) => {
  const admin = () => ({ role: 'admin', user: undefined }) as const;
  t.is(authorise({ role: 'viewer' }, admin).user, '');
  const nameless = () => authorise({ role: 'user' }, admin);
  t.like(t.throws(nameless, { instanceOf: RequestError }), { status: 400 });
});

const names: readonly (readonly [string | string[] | undefined, string | undefined])[] = [
  ['alice', 'alice'],
  ['a.b-c_9', 'a.b-c_9'],
  [undefined, undefined],
  ['', undefined],
  ['No Body', undefined],
  ['-alice', undefined],
  ['alice/web', undefined],
  [['alice', 'bob'], undefined],
];

for (const [header, user] of names) {
  test(`whoeverIsOnTheSocket() takes ${JSON.stringify(header)} for ${user ?? 'nobody'}`, (t) => {
    const headers = header === undefined ? {} : { 'x-walt-user': header };
    t.deepEqual(whoeverIsOnTheSocket({ headers }), { role: 'admin', user });
  });
}

test('no call of the API is answered to a role below that of its row', async (t) => {
  const reached: string[] = [];
  const answers = Object.fromEntries(
    Object.keys(calls).map((name) => [name, async () => reached.push(name)]),
  ) as unknown as ApiAnswers;
  let role: Role = 'viewer';
  const identify = () => ({ role, user: 'alice' });
  const api = buildApi(answers, { onProblem: () => undefined, identify });
  t.teardown(() => api.close());
  for (const [name, call] of Object.entries<Call>(calls)) {
    for (const below of ROLES.slice(0, ROLES.indexOf(call.role))) {
      role = below;
      const { statusCode, body } = await api.inject({ method: call.method, url: call.path });
      t.is(statusCode, 403, name);
      t.regex(JSON.parse(body).error, new RegExp(`it takes role ${call.role}, yours is ${below}`));
    }
  }
  t.deepEqual(reached, []);
});
