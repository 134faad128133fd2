// What every viewer reads of calls that were made.
import test from 'ava';
import { auditOf } from '../../../agent/api/audit.ts';
import type { Caller } from '../../../agent/api/calls/call.ts';
import { calls } from '../../../agent/api/calls.ts';

function refusedLogIn(user: string) {
  const caller = { user: '', role: 'viewer', from: '192.0.2.1' } as Caller;
  const [name, asked] = ['sessions.logIn', { user, password: 'x' }] as const;
  return auditOf({ name, call: calls[name], asked, caller, outcome: 'refused: no' });
}

test('auditOf() tells the name of who was not let in, and nothing that is no name: it may be their password', (t) => {
  t.like(refusedLogIn('alice'), { kind: 'login-refused', user: 'alice' });
  for (const typed of ['Correct horse', 'tr0ub4dor&3', '', 'alice\n']) {
    t.like(refusedLogIn(typed), { kind: 'login-refused', user: '…' });
  }
});
