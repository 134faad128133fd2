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
