import test from 'ava';
import { refusedInput } from '../../../agent/cli/refused-input.ts';
import { startTestPlatform } from './test-platform.ts';

const refused = (field: string) =>
  `Cannot do users.create: field '${field}' is not valid: expected letters`;

for (const [sentence, asked, expected] of [
  [refused('name'), { name: 'E ve' }, "'E ve' is not valid: expected letters"],
  [refused('name'), { name: 'a\nb' }, "'a\\nb' is not valid: expected letters"],
  [refused('names.1'), { names: ['a', 'b c'] }, "'b c' is not valid: expected letters"],
  [refused('password'), { password: 'x' }, 'that password is not valid: expected letters'],
  [refused('other'), { name: 'a' }, refused('other')],
  ['There is no user eve.', { name: 'eve' }, 'There is no user eve.'],
] as const) {
  test(`refusedInput() says ${JSON.stringify(expected)} of ${JSON.stringify(asked)}`, (t) => {
    t.is(refusedInput(sentence, asked), expected);
  });
}

test('a word that the server refuses is called by what was typed', async (t) => {
  const platform = await startTestPlatform();
  t.teardown(platform.close);
  for (const words of [
    ['user', 'create', 'E ve'],
    ['device', 'shell', 'pc-1', '--user', 'E ve'],
  ]) {
    const { code, err } = await platform.walt(...words);
    t.is(code, 1);
    t.regex(err, /^'E ve' is not valid: /);
    t.notRegex(err, /Cannot do|field/);
  }
});
