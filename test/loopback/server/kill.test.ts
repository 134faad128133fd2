// The server is killed under load: nothing that it acknowledged is lost. `test/matrix/server/kills.test.ts` does it at length.
import test from 'ava';
import { killUnderLoad } from '../../support/process/killed-server.ts';

test('nothing acknowledged to a device is lost when the server is killed', async (t) => {
  t.timeout(10 * 60_000);
  await killUnderLoad(t, 'kill', { rounds: 5, atOnce: 8, prefix: 24, longestMs: 300 });
});

test('nothing is lost where each packet has a call of its own', async (t) => {
  t.timeout(10 * 60_000);
  const load = { rounds: 2, atOnce: 8, prefix: 24, longestMs: 300 };
  await killUnderLoad(t, 'kilo', { ...load, batches: false });
});
