// Labs that end with the test, and waiting for what happens in them.
import { setTimeout as sleep } from 'node:timers/promises';
import type { ExecutionContext } from 'ava';
import { type Lab, makeLab, type Settings } from '../../lab/lab.ts';

/** @param name unlike that of any other test; at most 8 characters */
export async function openLab(
  t: ExecutionContext,
  name: string,
  settings: Settings = {},
): Promise<Lab> {
  const lab = await makeLab(name, settings);
  t.teardown(() => lab.close());
  return lab;
}

/** Asks again and again until `isSo`, with a bound; the last answer otherwise explains the failure. */
export async function eventually<Answer>(
  ask: () => Promise<Answer>,
  isSo: (answer: Answer) => boolean,
  seconds: number,
): Promise<Answer> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await ask();
    if (isSo(answer)) return answer;
    if (Date.now() > end) {
      throw new Error(`Not so within ${seconds} s; the last answer was ${JSON.stringify(answer)}`);
    }
    await sleep(250);
  }
}
