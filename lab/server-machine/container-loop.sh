#!/bin/sh
# Runs container.sh, and again when systemd in it asks for a reboot (the kernel then ends it by SIGHUP: reboot(2), "Behavior inside
# PID namespaces"). Arguments: a control group (v2) that is there, and those of container.sh.
set -eu

group=$1
shift

echo $$ >"$group/cgroup.procs"
script=$(dirname -- "$0")/container.sh
apart='--mount --pid --fork --kill-child --uts --ipc --cgroup'
while :; do
  status=0
  # shellcheck disable=SC2086 # a list of words
  unshare $apart sh "$script" "$@" || status=$?
  [ "$status" = 129 ] || exit "$status"
done
