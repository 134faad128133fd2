import test from 'ava';
import { LocalStarts } from '../../../../agent/handlers/start/local-starts.ts';

test('LocalStarts counts how often a node was led back, and keeps to what has started', (t) => {
  const time = { now: 0 };
  const starts = new LocalStarts(() => time.now);
  const takeAt = (seconds: number, mac = 'a') => {
    time.now = seconds * 1000;
    return starts.take(mac);
  };
  t.is(takeAt(0), 0);
  t.is(takeAt(1, 'b'), 0, 'each node by itself');
  t.is(takeAt(40), 1, 'led back');
  t.is(takeAt(1000), 1, 'rebooted much later: what was tried last has started');
  t.is(takeAt(1040), 2);
});
