import test from 'ava';
import { scriptCommand, shellWord } from '../../../agent/ssh/quote.ts';
import { runProgram } from '../../../lab/programs/run-program.ts';

const ODD = ['', ' ', "it's", '"', '$HOME `id` \\', 'two\nlines', '-n', '*', "''", '\u0007é'];

for (const shell of [['sh'], ['bash'], ['busybox', 'sh']]) {
  test(`a shell (${shell.join(' ')}) reads quoted words as they are`, async (t) => {
    const line = scriptCommand('for word; do printf "%s\\0" "$word"; done', ODD);
    const { stdout, said } = await runProgram([...shell, '-c', line]);
    t.deepEqual(stdout.toString().split('\0').slice(0, -1), ODD, said);
    t.is(shellWord("a'b"), "'a'\\''b'");
  });
}
