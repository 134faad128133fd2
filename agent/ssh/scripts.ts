// What the server lets the shell of a node do. Each is for any POSIX shell; beyond it a node has /bin/busybox, which all
// images of nodes have.

/**
 * Runs the line `$1`. Its standard input is empty: that of the connection tells when whoever asked has gone, and then all that the line
 * has started is ended. sshd alone would let it go on.
 */
export const RUN_LINE = `
setsid=setsid
command -v setsid >/dev/null || setsid='/bin/busybox setsid'
exec 3<&0 </dev/null
$setsid sh -c "$1" 3<&- &
line=$!
{
	cat <&3
	kill -TERM -$line
	sleep 2
	kill -KILL -$line
} >/dev/null 2>&1 &
watch=$!
exec 3<&-
wait $line
status=$?
kill $watch
exit $status
`;

/**
 * What is no change of a user: what the node side writes at each boot (walt-init and what it calls), and what each machine has of
 * its own. Patterns of GNU tar, from the root on.
 */
const NO_CHANGES = [
  ...['run/*', 'proc/*', 'sys/*', 'dev/*', 'tmp/*', 'var/tmp/*', 'persist', 'var/log/*'],
  ...['etc/hostname', 'etc/hosts', 'etc/resolv.conf', 'etc/issue', 'etc/motd', 'etc/machine-id'],
  ...['etc/ssh/ssh_host_*', 'etc/cloud/cloud.cfg.d/99-walt.cfg', 'etc/mtab'],
  ...['etc/systemd/timesyncd.conf.d/walt.conf', 'var/lib/dbus/machine-id'],
  // Units that walt-take-identity masks, and what walt-netconsole adds to those of logins.
  ...['sshdgenkeys', 'regenerate_ssh_host_keys', 'sshd-keygen', 'sshd-keygen@*'].map(
    (unit) => `etc/systemd/system/${unit}.service`,
  ),
  'etc/systemd/system/*getty@.service.d/zz-walt-netconsole.conf',
  ...['var/lib/systemd/random-seed', 'var/lib/systemd/timesync', 'var/lib/dhcp/*'],
  'root/.bash_history',
];

const EXCLUDED = NO_CHANGES.map((path) => `--exclude='./${path}'`).join(' ');

/** Writes what changed on the node since it booted, as a tar of the upper folder of its overlayfs, which walt-init shows. */
export const SEND_CHANGES = `
die() { echo "$1" >&2; exit 1; }
grep -q ' /run/walt/changes ' /proc/mounts && cd /run/walt/changes ||
	die 'its system does not show what changed there: it booted before this server could save nodes, or from its own disk. Reboot it'
tar --version 2>/dev/null | grep -q GNU || die 'its image has no GNU tar (package tar), which alone keeps all attributes of files'
tar -c --format=posix --pax-option=delete=atime,delete=ctime --numeric-owner --xattrs '--xattrs-include=*' \\
	--anchored --wildcards --wildcards-match-slash ${EXCLUDED} -f - .
status=$?
# Status 1: files changed meanwhile, as those of a running system do.
[ $status -le 1 ] || exit $status
`;

/**
 * Lets a light blink for `$1` seconds, then gives it back as it was, also where the connection ends before. An image may know
 * better: its program /bin/blink is called with 1, and with 0 at the end.
 */
export const BLINK = `
die() { echo "$1" >&2; exit 1; }
leds=/sys/class/leds
light=
for name in ACT act led0 PWR led1 *:status *:activity *:identify *:locate user* *:user* *::numlock *::capslock; do
	for found in $leds/$name; do
		[ -n "$light" ] || [ ! -w "$found/brightness" ] || light=$found
	done
done
if [ -x /bin/blink ]; then
	name=/bin/blink
	begin() { /bin/blink 1; }
	turn() { :; }
	finish() { /bin/blink 0; }
elif [ -n "$light" ]; then
	name=$(basename "$light")
	begin() {
		trigger=$(sed -n 's/.*\\[\\(.*\\)\\].*/\\1/p' "$light/trigger" 2>/dev/null)
		before=$(cat "$light/brightness")
		most=$(cat "$light/max_brightness" 2>/dev/null) || most=1
		[ -z "$trigger" ] || echo none >"$light/trigger"
	}
	turn() { [ "$1" = on ] && echo "$most" >"$light/brightness" || echo 0 >"$light/brightness"; }
	finish() {
		echo "$before" >"$light/brightness"
		[ -z "$trigger" ] || echo "$trigger" >"$light/trigger"
	}
else
	die 'this board has no light that its kernel knows, and its image has no program /bin/blink'
fi
begin || die 'its light cannot be switched'
echo "$name blinks for $1 s"
exec 3<&0 </dev/null
{
	cat <&3
	kill -TERM $$
} >/dev/null 2>&1 &
watch=$!
exec 3<&-
trap 'finish; kill $watch 2>/dev/null' EXIT
trap 'exit 0' HUP INT TERM
left=$1
while [ "$left" -gt 0 ]; do
	if [ $((left % 2)) = 0 ]; then turn on; else turn off; fi
	sleep 1
	left=$((left - 1))
done
`;
