// Keeps nodes inside what is exported to them. nfs-ganesha hands the names of NFSv3 lookups to the kernel as they came: with
// `../../x` or `/etc` for a name, a client that writes its packets itself would get any file of the same disk. So each name
// goes by a small guard first, which lets none with a slash through.
//
//     ganesha: fstatat(folder, name) → the kernel asks the guard (seccomp_unotify(2)) → goes on, or ENOENT
import { readFile } from 'node:fs/promises';
import { textOf } from '../../../host/files/text-of.ts';
import {
  type FoundProcess,
  findProcess,
  isRunning,
} from '../../../host/processes/process-start.ts';

const GUARD = 'walt-nfs-guard';
/** In the guard's file, where this machine has none. */
const NONE = '0';

/**
 * Arguments: where the guard writes its process id, then the command. The guard is there before the command begins, and ends with it.
 * prctl(2), seccomp(2), newfstatat(2), name_to_handle_at(2) and ppoll(2) by the names of uname(2).
 */
const FILTER_NAMES = String.raw`
use strict;
require POSIX;
my $file = shift @ARGV;
my %calls = (x86_64 => [157, 317, 262, 303, 271], aarch64 => [167, 277, 79, 264, 73]);
my ($prctl, $seccomp, $fstatat, $handle_at, $ppoll) = @{$calls{(POSIX::uname())[4]} || []};
my ($pidfd_open, $pidfd_getfd) = (434, 438);

sub command { exec @ARGV or die "$ARGV[0]: $!\n" }
sub note {
  my ($pid) = @_;
  open my $out, '>', "$file.new" or die "$file: $!\n";
  print $out $pid;
  close $out or die "$file: $!\n";
  rename "$file.new", $file or die "$file: $!\n";
}
sub unguarded {
  warn "Cannot guard names of NFS, a node can read more than its image: $_[0]\n";
  note('${NONE}');
  command();
}

unguarded('this processor is not known here') if !$prctl;
my $ganesha = $$;
pipe my $number, my $number_in or die "pipe: $!\n";
pipe my $ready, my $ready_in or die "pipe: $!\n";
my $child = fork() // die "fork: $!\n";
if ($child == 0) {
  # A child of its own, so that nobody has to wait for it.
  POSIX::_exit(0) if fork();
  close $number_in;
  close $ready;
  guard();
  POSIX::_exit(0);
}
waitpid $child, 0;
close $number;
close $ready_in;
# PR_SET_PTRACER, for machines where only a parent may look into a process (Yama); then a trial with a descriptor that is there.
chomp(my $guard = readline($ready) // unguarded('it does not start'));
syscall($prctl, 0x59616d61, $guard + 0, 0, 0, 0);
syswrite $number_in, "1\n";
chomp(my $trial = readline($ready) // unguarded('it does not start'));
unguarded($trial) if $trial ne 'able';

# linux/filter.h: of both calls only those with a name in an open folder: not AT_FDCWD, not AT_EMPTY_PATH.
my ($load, $is, $has, $return) = (0x20, 0x15, 0x45, 0x06);
my @steps = ([$load, 0, 0, 0], [$is, 1, 0, $fstatat], [$is, 4, 9, $handle_at],
  [$load, 0, 0, 16], [$is, 7, 0, 0xffffff9c], [$load, 0, 0, 40], [$has, 5, 4, 0x1000],
  [$load, 0, 0, 16], [$is, 3, 0, 0xffffff9c], [$load, 0, 0, 48], [$has, 1, 0, 0x1000],
  [$return, 0, 0, 0x7fc00000], [$return, 0, 0, 0x7fff0000]);
my $filter = join '', map { pack 'S C C L', @$_ } @steps;
my $program = pack 'S x6 P', scalar @steps, $filter;
# PR_SET_NO_NEW_PRIVS; SECCOMP_SET_MODE_FILTER with SECCOMP_FILTER_FLAG_NEW_LISTENER.
my $listener = syscall($prctl, 38, 1, 0, 0, 0) == 0 ? syscall($seccomp, 1, 8, $program) : -1;
unguarded($!) if $listener < 0;
syswrite $number_in, "$listener\n";
# Without a guard each lookup would fail: it does not begin then.
die "The guard of NFS names does not start\n" if !defined readline $ready;
POSIX::close($listener);
command();

sub guard {
  $0 = '${GUARD}';
  POSIX::setsid();
  syswrite $ready_in, "$$\n";
  my $of = syscall($pidfd_open, $ganesha, 0);
  my $taken = sub {
    my $fd = readline($number) // POSIX::_exit(0);
    syscall($pidfd_getfd, $of, $fd + 0, 0);
  };
  syswrite $ready_in, $taken->() < 0 ? "$!\n" : "able\n";
  my $own = $taken->();
  open my $asked, '+<&=', $own or POSIX::_exit(1);
  note($$);
  syswrite $ready_in, "ready\n";
  close $ready_in;
  my $memory;
  while (1) {
    my $poll = pack 'l s s', $own, 1, 0;
    my $found = syscall($ppoll, $poll, 1, 0, 0, 8);
    # POLLHUP: nobody is left who could ask.
    last if $found > 0 && !((unpack 'l s s', $poll)[2] & 1);
    my $question = "\0" x 80;
    # SECCOMP_IOCTL_NOTIF_RECV; who asked may have been ended meanwhile.
    ioctl $asked, 0xc0502100, $question or next;
    my ($id, undef, undef, undef, undef, undef, undef, $at) = unpack 'Q L L l L Q Q Q', $question;
    my $name = name_at(\$memory, $at);
    my $isPlain = defined $name && index($name, '/') < 0;
    # SECCOMP_IOCTL_NOTIF_SEND: goes on (SECCOMP_USER_NOTIF_FLAG_CONTINUE), or ENOENT.
    my $answer = pack 'Q q l L', $id, 0, $isPlain ? 0 : -2, $isPlain ? 1 : 0;
    ioctl $asked, 0xc0182101, $answer;
  }
}

# The text at an address of ganesha, up to its NUL; what lies behind a page may not be there.
sub name_at {
  my ($memory, $at) = @_;
  for my $try (1, 2) {
    # Another program has another memory: what was opened before exec is of no use.
    open $$memory, '<:raw', "/proc/$ganesha/mem" or return undef if !$$memory;
    my $text = '';
    while (length $text < 8192) {
      my $place = $at + length $text;
      my $length = 4096 - $place % 4096;
      $length = 256 if $length > 256;
      defined sysseek $$memory, $place, 0 or last;
      (sysread $$memory, my $piece, $length) or last;
      $text .= $piece;
      my $end = index $text, "\0";
      return substr $text, 0, $end if $end >= 0;
    }
    undef $$memory;
  }
  return undef;
}
`;

/** The command that runs another one, which follows it, with a guard. @param file where the guard writes its process id */
export function withPlainNames(file: string): string[] {
  return ['perl', '-e', FILTER_NAMES, file];
}

/** The guard whose process id is in a file. */
export class NamesGuard {
  readonly #file: string;
  #found: FoundProcess | undefined;

  constructor(file: string) {
    this.#file = file;
  }

  /** Whether it runs, or this machine can have none, which was said when ganesha started. */
  async isThere(): Promise<boolean> {
    if (this.#found !== undefined && isRunning(this.#found)) return true;
    this.#found = undefined;
    const pid = (await textOf(this.#file)).trim();
    if (pid === NONE) return true;
    if (!/^\d+$/.test(pid)) return false;
    const found = findProcess(Number(pid));
    const command = await readFile(`/proc/${pid}/cmdline`, 'latin1').catch(() => '');
    if (!command.startsWith(GUARD)) return false;
    this.#found = found;
    return true;
  }
}

/** What to tell people where this machine can have none; undefined elsewhere. */
export async function whyUnguarded(file: string): Promise<string | undefined> {
  if ((await textOf(file)).trim() !== NONE) return undefined;
  return (
    'Names that nodes look up by NFSv3 are not guarded on this machine: who writes packets himself can read all files ' +
    'of the disk that holds the images. See messages of the NFS service; a kernel of 5.6 or later on x86-64 or arm64 can guard them'
  );
}
