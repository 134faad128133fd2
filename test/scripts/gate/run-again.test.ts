import test from 'ava';
import { runAgain } from '../../../scripts/gate/run-again.ts';
import type { Run } from '../../../scripts/gate/run-ava.ts';

const FILES = ['one', 'two', 'three', 'four', 'five'].map((name) => `test/${name}.test.ts`);

const failed = (titles: readonly string[], passed = 10): Run => ({
  tally: { passed, failed: titles.length, skipped: 1 },
  failures: titles.map((title) => ({ title, details: ['  message: busy'] })),
});

/** Files that were run, and what they end with: the titles that fail. */
function scripted(ends: Record<string, readonly string[]>) {
  const ran: string[] = [];
  const printed: string[] = [];
  const print = (text: string) => void printed.push(text);
  const ava = async (files: readonly string[], concurrency: readonly string[]) => {
    ran.push([...files, ...concurrency].join(' '));
    return failed(ends[files[0] ?? ''] ?? []);
  };
  return { ran, ava, print, printed };
}

test('runAgain() counts a test that passes alone as passed, and one that fails again as failed', async (t) => {
  const { ran, ava, print, printed } = scripted({ 'test/two.test.ts': ['b'] });
  const first = failed(['one › a', 'two › b', 'two › c']);
  const { tally, failures } = await runAgain(first, { files: FILES, ava, print });
  t.deepEqual(ran, ['test/one.test.ts --concurrency=1', 'test/two.test.ts --concurrency=1']);
  t.deepEqual(tally, { passed: 12, failed: 1, skipped: 1 });
  t.deepEqual(
    failures.map(({ title }) => title),
    ['b'],
  );
  t.regex(
    printed.at(-1) ?? '',
    /^\nFailed at first, and passed alone:\n✘ one › a\n {2}message: busy\n✘ two › c\n/,
  );
});
test('runAgain() leaves a run in which many files failed', async (t) => {
  const { ran, ava, print } = scripted({});
  const first = failed(['one › a', 'two › a', 'three › a', 'four › a']);
  t.is(await runAgain(first, { files: FILES, ava, print }), first);
  t.deepEqual(ran, []);
});
test('runAgain() leaves a run that broke off', async (t) => {
  const { ran, ava, print } = scripted({});
  const first = failed(['one › a', 'ava ended with SIGSEGV']);
  t.is(await runAgain(first, { files: FILES, ava, print }), first);
  t.deepEqual(ran, []);
});
test('runAgain() leaves a run without a failure', async (t) => {
  const { ran, ava, print } = scripted({});
  const first = failed([]);
  t.is(await runAgain(first, { files: FILES, ava, print }), first);
  t.deepEqual(ran, []);
});
