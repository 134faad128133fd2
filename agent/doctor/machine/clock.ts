// Whether the kernel's clock is kept by something: adjtimex(2), which all such programs use.
import { arch } from 'node:os';
import { runProgram } from '../../host/processes/program.ts';
import type { Check } from '../check.ts';

/** Node has no such call, and perl is on every Debian. By architecture, since its number is another one on each. */
const NUMBERS: Readonly<Record<string, number>> = { x64: 159, arm64: 171, arm: 124 };
/** What it returns for a clock that nobody keeps. */
const TIME_ERROR = 5;

export const clock: Check = {
  name: 'clock',
  run: async (_, signal) => {
    const number = NUMBERS[arch()];
    if (number === undefined) {
      return { status: 'skipped', detail: 'not known how to ask on this processor' };
    }
    // All of `struct timex` is zero: nothing is changed.
    const script = `my $t = "\\0" x 256; print syscall(${number}, $t)`;
    const state = Number(await runProgram('perl', ['-e', script], { signal }));
    if (state !== TIME_ERROR && state >= 0) return { status: 'ok', detail: 'it is kept' };
    return {
      status: 'warning',
      detail: 'nothing keeps the clock of this machine',
      meaning: 'Times in the log drift, and registries may be refused for their certificates.',
      mend: 'apt install systemd-timesyncd && timedatectl set-ntp true',
    };
  },
};
