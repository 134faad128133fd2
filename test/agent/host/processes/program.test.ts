import test from 'ava';
import { WaltError } from '../../../../agent/errors.ts';
import { runProgram } from '../../../../agent/host/processes/program.ts';

test('runProgram() gives the program what it is to read, and nothing otherwise', async (t) => {
  t.is(await runProgram('cat', [], { input: 'a\nb' }), 'a\nb');
  t.is(await runProgram('cat', []), '');
});

test('runProgram() throws WaltError for a program that fails before it has read all', async (t) => {
  const input = 'x'.repeat(10_000_000);
  await t.throwsAsync(runProgram('sh', ['-c', 'echo no >&2; exit 3'], { input }), {
    instanceOf: WaltError,
    message: 'sh -c failed (3): no',
  });
});
