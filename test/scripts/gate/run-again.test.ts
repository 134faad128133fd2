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
  const ava = async (files: readonly string[], concurrency: readonly string[]) => {
    ran.push([...files, ...concurrency].join(' '));
    return failed(ends[files[0] ?? ''] ?? []);
  };
  return { ran, ava };
}

test('runAgain() counts a test that passes alone as passed, and one that fails again as failed', async (t) => {
  const { ran, ava } = scripted({ 'test/two.test.ts': ['b'] });
  const first = failed(['one › a', 'two › b', 'two › c']);
  const { tally, failures } = await runAgain(first, { files: FILES, ava });
  t.deepEqual(ran, ['test/one.test.ts --concurrency=1', 'test/two.test.ts --concurrency=1']);
  t.deepEqual(tally, { passed: 12, failed: 1, skipped: 1 });
  t.deepEqual(
    failures.map(({ title }) => title),
    ['b'],
  );
});
test('runAgain() leaves a run in which many files failed', async (t) => {
  const { ran, ava } = scripted({});
  const first = failed(['one › a', 'two › a', 'three › a', 'four › a']);
  t.is(await runAgain(first, { files: FILES, ava }), first);
  t.deepEqual(ran, []);
});
test('runAgain() leaves a run that broke off', async (t) => {
  const { ran, ava } = scripted({});
  const first = failed(['one › a', 'ava ended with SIGSEGV']);
  t.is(await runAgain(first, { files: FILES, ava }), first);
  t.deepEqual(ran, []);
});
test('runAgain() leaves a run without a failure', async (t) => {
  const { ran, ava } = scripted({});
  const first = failed([]);
  t.is(await runAgain(first, { files: FILES, ava }), first);
  t.deepEqual(ran, []);
});
