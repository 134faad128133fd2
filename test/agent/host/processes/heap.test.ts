import test from 'ava';
import { collectBeside, collectSoon, youngBytes } from '../../../../agent/host/processes/heap.ts';

const MIB = 2 ** 20;

test.serial(
  'collectBeside() collects what nothing refers to any more, and nothing else',
  async (t) => {
    const kept = { text: 'kept' };
    const [gone, there] = [new WeakRef({ text: 'gone' }), new WeakRef(kept)];
    // A WeakRef keeps what it was made of until the job ends in which it was made (ECMA-262, 9.9).
    await new Promise((resolve) => setImmediate(resolve));
    await collectBeside();
    t.is(gone.deref(), undefined);
    t.is(there.deref(), kept);
  },
);

test.serial('collectBeside() lets nobody be warned, and others warn', async (t) => {
  const warnings: Error[] = [];
  const hear = (warning: Error) => void warnings.push(warning);
  process.on('warning', hear);
  t.teardown(() => process.off('warning', hear));
  const collected = collectBeside();
  process.emitWarning('one of somebody else');
  await collected;
  await new Promise((resolve) => setImmediate(resolve));
  t.deepEqual(
    warnings.map(({ message }) => message),
    ['one of somebody else'],
  );
});

test.serial('collectSoon() bounds the young generation, however much of it lives on', async (t) => {
  collectSoon();
  let most = 0;
  let kept: object[] = [];
  for (let turn = 1; turn <= 150; turn += 1) {
    for (let count = 0; count < 20_000; count += 1) kept.push({ count, list: [count, turn] });
    if (turn % 7 === 0) kept = [];
    await new Promise((resolve) => setImmediate(resolve));
    most = Math.max(most, youngBytes());
  }
  t.true(most > 8 * MIB, `it grows: ${most}`);
  t.true(most <= 33 * MIB, `and ends somewhere: ${most}`);
});
