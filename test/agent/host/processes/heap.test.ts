import test from 'ava';
import { collectNow } from '../../../../agent/host/processes/heap.ts';

test('collectNow() collects what nothing refers to any more, and nothing else', (t) => {
  const kept = { text: 'kept' };
  const [gone, there] = [new WeakRef({ text: 'gone' }), new WeakRef(kept)];
  return new Promise<void>((resolve) => {
    // A WeakRef keeps what it was made of until the job ends in which it was made (ECMA-262, 9.9).
    setImmediate(() => {
      collectNow();
      t.is(gone.deref(), undefined);
      t.is(there.deref(), kept);
      resolve();
    });
  });
});
