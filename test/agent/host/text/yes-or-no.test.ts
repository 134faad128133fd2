import test from 'ava';
import { yesOrNo } from '../../../../agent/host/text/yes-or-no.ts';

/** What becomes of these answers, and which questions were put. */
async function asked(answers: readonly (string | undefined)[], usual?: boolean) {
  const left = [...answers];
  const questions: string[] = [];
  const ask = async (question: string) => {
    questions.push(question);
    return left.shift();
  };
  const said = await yesOrNo('Well? ', { ask, ...(usual === undefined ? {} : { usual }) });
  return { said, questions };
}

test('yesOrNo() takes a word or its first letter, in any case', async (t) => {
  for (const answer of ['y', 'Y', 'yes', 'YES', ' Yes ']) t.true((await asked([answer])).said);
  for (const answer of ['n', 'N', 'no', 'NO', ' No ']) t.false((await asked([answer])).said);
});

test('yesOrNo() asks again for anything else, until the person leaves', async (t) => {
  t.deepEqual(await asked(['ja', '', 'yess', 'y']), {
    said: true,
    questions: ['Well? ', 'Type yes or no: ', 'Type yes or no: ', 'Type yes or no: '],
  });
  t.is((await asked(['nope', undefined])).said, undefined);
});

test('yesOrNo() takes an empty answer for the usual one', async (t) => {
  t.false((await asked([''], false)).said);
  t.true((await asked(['nein', ''], true)).said);
});
