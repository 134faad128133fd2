// The kernel's word on the clock of this machine, whatever it is, beside what busybox makes of it.
import test from 'ava';
import { isClockSynchronised } from '../../../../agent/host/clock/clock-state.ts';
import { runProgram } from '../../../../lab/programs/run-program.ts';

test('isClockSynchronised() says what adjtimex(8) does', async (t) => {
  const { said } = await runProgram(['busybox', 'adjtimex']);
  t.is(await isClockSynchronised(), !said.includes('clock not synchronized'));
});

test('isClockSynchronised() fails where the kernel does not tell, with its words', async (t) => {
  const error = await t.throwsAsync(isClockSynchronised(99_999));
  t.regex(error?.message ?? '', /adjtimex: Function not implemented/);
});
