// Keeps nfs-ganesha from IPv6. Where it can open a socket of IPv6, it binds that to all addresses, of IPv4 as well, whatever
// `Bind_addr` says; and it takes an IPv4 address in the form of IPv6 only on machines that have an address of IPv6.
// Where it can open none it does as it is told. So it runs behind a filter of system calls (seccomp(2)) that lets
// socket(AF_INET6) fail as on a kernel without IPv6.

/** prctl(2) and socket(2) by the names of uname(2); asm/unistd.h of the kernel. Elsewhere there is no filter. */
const FILTER_IPV6 = String.raw`
use strict;
require POSIX;
my $machine = (POSIX::uname())[4];
my ($prctl, $socket) = @{{x86_64 => [157, 41], aarch64 => [167, 198]}->{$machine} || []};
if ($prctl) {
  # linux/filter.h: load the number of the call; is it socket? load its first argument; is it AF_INET6 (10)? EAFNOSUPPORT (97).
  my @steps = ([0x20, 0, 0, 0], [0x15, 0, 3, $socket], [0x20, 0, 0, 16], [0x15, 0, 1, 10],
    [0x06, 0, 0, 0x00050000 | 97], [0x06, 0, 0, 0x7fff0000]);
  my $filter = join '', map { pack 'S C C L', @$_ } @steps;
  my $program = pack 'S x6 P', scalar @steps, $filter;
  # PR_SET_NO_NEW_PRIVS, without which a filter needs CAP_SYS_ADMIN; PR_SET_SECCOMP with a filter.
  if (syscall($prctl, 38, 1, 0, 0, 0) != 0 || syscall($prctl, 22, 2, $program) != 0) {
    warn "Cannot keep nfs-ganesha from IPv6, it will listen on all addresses: $!\n";
  }
}
exec @ARGV or die "$ARGV[0]: $!\n";
`;

/** The command that runs another one, which follows it, as on a kernel without IPv6. */
export const WITHOUT_IPV6: readonly string[] = ['perl', '-e', FILTER_IPV6];
