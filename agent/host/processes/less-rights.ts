// Words before a command that let it begin with less than this process has. setpriv(1) does it for root. It sets capabilities whatever it is
// asked for, which the unit of a server with a user of its own may not: there perl makes prctl(2), by its number on this processor.

/** Number of the system call, by processor as Node calls it. */
const PRCTL: Readonly<Record<string, number>> = { arm64: 167, x64: 157 };

/** PR_SET_PDEATHSIG with SIGKILL; PR_CAP_AMBIENT with PR_CAP_AMBIENT_CLEAR_ALL, PR_SET_NO_NEW_PRIVS (linux/prctl.h). */
const DIES_WITH_US = [[1, 9]] as const;
const NO_RIGHTS = [
  [47, 4],
  [38, 1],
] as const;

/** A program that is not there: as setpriv(1) and shells say it. */
const PROGRAM = `
# What comes as text would be handed over as its address.
my ($call, $options, @words) = @ARGV;
for (split / /, $options) {
  my ($option, $value) = split /,/;
  syscall($call + 0, $option + 0, $value + 0, 0, 0, 0) == 0 or die "prctl: $!\\n";
}
exec { $words[0] } @words;
print STDERR "perl: failed to execute $words[0]: $!\\n";
exit 127;
`;

/** What comes before a command, program first; empty where nothing is to be done. */
type Words = readonly string[];

/** The kernel ends the program when this process ends, even by `kill -9`. */
export function wordsToDieWithUs(uid = process.getuid?.()): Words {
  return uid === 0 ? ['setpriv', '--pdeathsig', 'KILL'] : prctl(DIES_WITH_US);
}

/**
 * The program has none of the capabilities of this process, and gets none by setuid bits.
 * @param kept of capabilities(7), as setpriv(1) calls them; a server that is not root leaves it none
 */
export function wordsForNoRights(kept: readonly string[], uid = process.getuid?.()): Words {
  if (uid !== 0) return prctl(NO_RIGHTS);
  const bounding = ['-all', ...kept.map((name) => `+${name}`)].join(',');
  return ['setpriv', '--no-new-privs', '--inh-caps=-all', `--bounding-set=${bounding}`];
}

function prctl(options: readonly (readonly [number, number])[]): Words {
  const call = PRCTL[process.arch];
  if (call === undefined) return [];
  return ['perl', '-e', PROGRAM, String(call), options.map((each) => each.join(',')).join(' ')];
}
