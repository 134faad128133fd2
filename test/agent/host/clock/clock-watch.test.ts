import test from 'ava';
import { ClockWatch } from '../../../../agent/host/clock/clock-watch.ts';

/** What is said while the kernel answers this, one look after the other; and what counts then. */
async function watch(answers: readonly (boolean | string)[]) {
  const said: string[] = [];
  const seen: boolean[] = [];
  let at = 0;
  const ask = async () => {
    const answer = answers[at++];
    if (typeof answer === 'boolean') return answer;
    throw new Error(answer);
  };
  const clock = new ClockWatch({ ask, say: (text) => said.push(text) });
  for (const _ of answers) {
    await clock.look();
    seen.push(clock.isRight);
  }
  return { said, seen };
}

test('ClockWatch says nothing of a clock that is right from the start', async (t) => {
  t.deepEqual(await watch([true, true]), { said: [], seen: [true, true] });
});

test('ClockWatch says each change once', async (t) => {
  const { said, seen } = await watch([false, false, true, true, false]);
  t.deepEqual(seen, [false, false, true, true, false]);
  t.is(said.length, 3);
  t.regex(said[0] ?? '', /is not synchronised.*Run chrony.*time: \{trust: yes\}/);
  t.regex(said[1] ?? '', /is synchronised: nodes are told the time/);
  t.is(said[2], said[0]);
});

test('ClockWatch takes a clock for wrong of which nothing is known, and says why', async (t) => {
  const { said, seen } = await watch(['perl is not installed', 'perl is not installed', true]);
  t.deepEqual(seen, [false, false, true]);
  t.is(said.length, 2);
  t.regex(said[0] ?? '', /nobody knows.*: perl is not installed\. To tell it all the same, write/);
});
