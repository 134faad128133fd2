import { readdir, readFile } from 'node:fs/promises';
import test from 'ava';
import { missingPackages, missingPrograms } from '../../../bench/harness/require-programs.ts';

/** They run Node.js alone. */
const NEEDS_NOTHING = ['harness', 'heal', 'power'];

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

test('missingPackages() names what apt does not know, and nothing else', async (t) => {
  t.regex(
    (await missingPackages(['coreutils', 'no-such-package-of-debian'])) ?? '',
    /^Cannot measure: apt knows no package no-such-package-of-debian\. Run apt-get update/,
  );
  t.is(await missingPackages(['coreutils', 'util-linux']), undefined);
});

test('each bench that starts programs looks for them first', async (t) => {
  const benches = await readdir('bench');
  for (const bench of benches.filter((name) => !NEEDS_NOTHING.includes(name))) {
    const text = await readFile(`bench/${bench}/run.ts`, 'utf8');
    const [asks, builds] = [
      /^ *(if .*)?await requireP/m,
      /^ *(const .*)?await (prepare|inWorkplace)\(/m,
    ];
    t.regex(text, asks, bench);
    const first = text.search(builds);
    t.true(first < 0 || text.search(asks) < first, `${bench} looks before it builds`);
  }
});
