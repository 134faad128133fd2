import test from 'ava';
import { Progress } from '../../../../agent/cli/texts/progress.ts';

test('Progress says now and then how many of many nodes are done, and nothing of a few', (t) => {
  let now = 0;
  const said: string[] = [];
  const options = { note: (text: string) => said.push(text), clock: () => now };
  const many = new Progress(48, options);
  for (let at = 0; at < 12; at += 1) {
    now += 1000;
    many.step();
  }
  const few = new Progress(3, options);
  now += 60_000;
  few.step();
  t.deepEqual(
    said,
    [5, 10].map((done) => `${done} of 48 nodes are done; the others wait for their turn…`),
  );
});
