import { join } from 'node:path';
import test from 'ava';
import { ATTACKS } from '../../../lab/abuse/attacks.ts';
import { runProgram } from '../../../lab/programs/run-program.ts';

const STORM = join(import.meta.dirname, '../../../lab/abuse/storm.ts');
const storm = (...args: string[]) => runProgram([process.execPath, STORM, ...args]);

const refused = test.macro({
  title: (_, args: string) => `storm.ts refuses '${args}' in one sentence`,
  async exec(t, args: string, reason: RegExp) {
    const { code, said } = await storm(...args.split(' ').filter(Boolean));
    t.is(code, 1);
    t.regex(said, reason);
    t.is(said.trim().split('\n').length, 1, said);
  },
});

test(
  refused,
  '',
  /^Cannot make a storm: say which server and which card: --server IP --card NAME$/m,
);
test(refused, '--server 127.0.0.1 --card none', /: card none has no IPv4 address$/m);
test(
  refused,
  '--server 127.0.0.1 --card lo rain',
  /: no attack is called rain: there are unread-answers, /,
);
test(
  refused,
  '--server 127.0.0.1 --card lo --seconds ten',
  /: --seconds is 'ten': expected a whole/,
);
test(refused, '--sever 127.0.0.1', /^Cannot make a storm: Unknown option '--sever'/);

test('attacks have names of their own, and say what they are', (t) => {
  t.is(new Set(ATTACKS.map(({ name }) => name)).size, ATTACKS.length);
  for (const { name, what } of ATTACKS) t.true(name.length > 0 && what.length > 10, name);
});
