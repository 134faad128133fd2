import { join } from 'node:path';
import test from 'ava';
import { build } from 'esbuild';
import { RequestError } from '../../../../agent/errors.ts';
import { Matchers } from '../../../../agent/host/matching/matchers.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const HOSTILE = '^(a+)+$';
const BAIT = [`${'a'.repeat(60)}!`];
const TOO_LONG = /^Cannot use '.*': it takes too long .* Leave out repetitions within repetitions/;

function matchers(t: { teardown(end: () => Promise<void>): void }, deadlineMs?: number) {
  const made = new Matchers(deadlineMs === undefined ? {} : { deadlineMs });
  t.teardown(() => made.close());
  return made;
}

test('Matchers find the pattern anywhere in each text, however many texts there are', async (t) => {
  const matches = matchers(t).matcher('b+|^$', 'alice');
  t.deepEqual(await matches(['abc', 'ac', '', 'B']), [true, false, true, false]);
  t.deepEqual(await matches([]), []);
  const long = Array.from({ length: 50 }, (_, index) => `${'a'.repeat(10_000)}${index % 2}b`);
  const odd = matchers(t).matcher('1b', 'alice');
  t.deepEqual(
    await odd(long),
    long.map((_, index) => index % 2 === 1),
  );
});

for (const [pattern, texts] of [
  [HOSTILE, BAIT],
  ['(.*)*=(.*)*;$', ['x'.repeat(5000)]],
  ['^(([a-z])+.)+[A-Z]([a-z])+$', ['a'.repeat(60)]],
] as const) {
  test(`Matchers end '${pattern}', which takes for ever, say why, and go on`, async (t) => {
    const pool = matchers(t, 300);
    const matches = pool.matcher(pattern, 'mallory');
    const asked = [matches(texts), matches(texts), matches(texts)];
    for (const one of asked) {
      const error = await t.throwsAsync(one, { instanceOf: RequestError, message: TOO_LONG });
      t.true(error?.message.includes(pattern));
    }
    t.deepEqual(await pool.matcher(HOSTILE, 'mallory')(['aaa']), [true]);
  });
}

for (const [pattern, reason] of [
  ['(', /^Cannot use '\(': Invalid regular expression/],
  ['x'.repeat(1001), /^Cannot use 'x{20}…': it has more than 1000 characters$/],
] as const) {
  test(`Matchers refuse ${pattern.slice(0, 5)} at once`, (t) => {
    const pool = matchers(t);
    t.throws(() => pool.matcher(pattern, 'alice'), { instanceOf: RequestError, message: reason });
  });
}

test('Matchers let nobody who writes bad expressions hold up others', async (t) => {
  const pool = matchers(t, 60_000);
  const bad = Array.from({ length: 20 }, () => pool.matcher(HOSTILE, 'mallory')(BAIT));
  const ended = bad.map((one) => t.throwsAsync(one, { instanceOf: RequestError }));
  const good = pool.matcher('b', 'alice');
  // Were all threads of one caller, this took the deadline of twenty expressions.
  for (let piece = 0; piece < 50; piece += 1) t.deepEqual(await good(['abc']), [true]);
  await pool.close();
  await Promise.all(ended);
});

test('Matchers that were closed say so', async (t) => {
  const pool = new Matchers();
  const matches = pool.matcher('a', 'alice');
  await pool.close();
  await t.throwsAsync(matches(['a']), { instanceOf: RequestError, message: /server is ending/ });
});

test('Matchers find the program of their threads beside a bundled server', async (t) => {
  const folder = await temporaryFolder(t);
  const options = { bundle: true, format: 'esm', platform: 'node', target: 'node24' } as const;
  const bundle = async (entry: string, name: string) => {
    const outfile = join(folder, name);
    await build({ ...options, entryPoints: [`agent/host/matching/${entry}`], outfile });
    return outfile;
  };
  const bundled = await import(await bundle('matchers.ts', 'walt-server.mjs'));
  const pool: Matchers = new bundled.Matchers();
  t.teardown(() => pool.close());
  await t.throwsAsync(pool.matcher('a', '')(['a']), {
    message: /there is none of .*walt-server-matcher\.mjs/,
  });
  await bundle('matcher-program.ts', 'walt-server-matcher.mjs');
  t.deepEqual(await pool.matcher('a', '')(['a', 'b']), [true, false]);
});
