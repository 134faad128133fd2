import test from 'ava';
import { CommandError } from '../../../../agent/cli/command-line/command-error.ts';
import { DATED_FORMAT, DEFAULT_FORMAT, logFormat } from '../../../../agent/cli/log/log-format.ts';

const log = {
  id: 7,
  at: new Date(2026, 10, 22, 10, 45, 49).getTime() * 1000 + 188_989,
  issuer: 'pc-1',
  stream: 'my.stream',
  line: '{issuer} $& 50%',
};

for (const [format, text] of [
  [DEFAULT_FORMAT, '10:45:49.188989 pc-1.my.stream -> {issuer} $& 50%'],
  [DATED_FORMAT, '2026-11-22 10:45:49.188989 pc-1.my.stream -> {issuer} $& 50%'],
  ['{timestamp}', '2026-11-22 10:45:49.188989'],
  ['{timestamp:%d.%m. %H h %%}', '22.11. 10 h %'],
  ['{{{issuer}}}', '{pc-1}'],
  ['a\tb\n', 'a\\tb\\n'],
  ['', ''],
] as const) {
  test(`logFormat('${format}') shows a line so`, (t) => t.is(logFormat(format)(log), text));
}

for (const format of [
  '{node}',
  '{}',
  '{',
  'a }',
  '{line:%H}',
  '{timestamp:%Q}',
  '{timestamp:%}',
  '{toString}',
  '{__proto__}',
]) {
  test(`logFormat('${format}') is refused at once`, (t) => {
    const error = t.throws(() => logFormat(format), { instanceOf: CommandError });
    t.regex(error?.message ?? '', /^Cannot use format .* is no field, expected text with/);
  });
}
