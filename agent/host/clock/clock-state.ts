// Whether the kernel holds the clock of this machine for synchronised: what chrony, ntpd and systemd-timesyncd all tell it.
import { runProgram } from '../processes/program.ts';

/** Number of the system call adjtimex(2), by processor as Node calls it. */
const ADJTIMEX: Readonly<Record<string, number>> = {
  arm: 124,
  arm64: 171,
  ia32: 124,
  loong64: 171,
  ppc64: 124,
  riscv64: 171,
  s390x: 124,
  x64: 159,
};

/** adjtimex(2): the clock is not synchronised. */
const TIME_ERROR = 5;

/** Nothing is changed: `modes` is 0. No other program is on every Debian that can make this call. */
const PROGRAM =
  'my $timex = "\\0" x 512; my $state = syscall($ARGV[0], $timex); die "adjtimex: $!\\n" if $state < 0; print $state';

/**
 * Whether it is.
 * @param call number of the system call
 * @throws {WaltError} where perl is missing, the system call is not allowed, or the processor is one that nobody tried
 */
export async function isClockSynchronised(call = ADJTIMEX[process.arch] ?? -1): Promise<boolean> {
  return Number(await runProgram('perl', ['-e', PROGRAM, String(call)])) < TIME_ERROR;
}
