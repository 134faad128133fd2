import test from 'ava';
import { confirm } from '../../../../agent/cli/terminal/confirm.ts';

/** Answers the question by these words, one after the other. */
function confirmed(...answers: readonly string[]) {
  const left = [...answers];
  return confirm('All is lost.', { io: { ask: async () => left.shift() }, flags: new Set() });
}

test('confirm() goes on for a yes alone, and asks again for what is neither', async (t) => {
  await t.notThrowsAsync(confirmed('YES'));
  await t.notThrowsAsync(confirmed('sure', 'y'));
  for (const answers of [['n'], ['No'], [''], ['sure', ''], []]) {
    await t.throwsAsync(confirmed(...answers), { message: 'Nothing was changed.' });
  }
});
