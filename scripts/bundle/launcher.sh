#!/bin/sh
# The top of each program that bundle.ts writes: finds a Node.js that is new enough, and becomes the program.
# All of it is within a comment of JavaScript there, so a star and a slash may not follow each other.
# A machine's own node is often too old. One that comes with the program is not: that of its clone, or one beside it.
case $0 in *[/]*) program=$0 ;; *) program=./$0 ;; esac
# Each program that the shell runs costs a person a millisecond or two.
[ ! -L "$program" ] || program=$(readlink -f -- "$program")
here=${program%/*}
for node in "$here/../../node_modules/.bin/node" "$here/node"; do
  [ -x "$node" ] && exec "$node" "$program" "$@"
done
version=$(node -p process.versions.node 2>/dev/null) || version=missing
case $version in
  missing) ;;
  *) [ "${version%%.*}" -lt 24 ] || exec node "$program" "$@" ;;
esac
echo "Cannot start $(basename -- "$0"): the node of PATH is $version, expected Node.js 24 or later." \
  "Install one, or put it beside $program, or run npm ci in the clone of WalT that it comes from." >&2
exit 1
