import test from 'ava';
import { missingPrograms } from '../../../bench/harness/require-programs.ts';

test('missingPrograms() says what to install, once for each package', async (t) => {
  t.is(await missingPrograms(['sh', 'ls'], '/bin:/usr/bin'), undefined);
  t.is(
    await missingPrograms(['sh', 'no-such-program'], '/bin:/usr/bin'),
    'Cannot measure: no-such-program is missing. On Debian: apt install no-such-program',
  );
  t.regex(
    (await missingPrograms(['none-1', 'none-2'], '')) ?? '',
    /^Cannot measure: none-1, none-2 are missing\. On Debian: apt install none-1 none-2$/,
  );
});

test('missingPrograms() finds programs of root, which the search path of a user lacks', async (t) => {
  t.is(await missingPrograms(['ip'], '/nowhere'), undefined);
});
