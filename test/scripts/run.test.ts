import test from 'ava';
import { $, sentenceOf } from '../../scripts/run.ts';

test('sentenceOf() of a program that failed is what it said, not where we called it', async (t) => {
  const error = await t.throwsAsync($`sh -c ${'echo mount: /x: permission denied. >&2; exit 32'}`);
  t.is(
    sentenceOf(error),
    'Cannot go on: a program failed (exit status 32): mount: /x: permission denied.',
  );
});

test('sentenceOf() of a program that was ended names the signal', async (t) => {
  const error = await t.throwsAsync($`sh -c ${'kill -9 $$'}`);
  t.regex(sentenceOf(error), /^Cannot go on: a program failed \(.*(SIGKILL|137).*\): /);
});

test('sentenceOf() of an error of ours is its message', (t) => {
  t.is(sentenceOf(new Error('Cannot build: no medium named')), 'Cannot build: no medium named');
});
