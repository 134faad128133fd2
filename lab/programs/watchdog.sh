#!/bin/sh
# Ends what a test process has left behind. It has nothing to read: its standard input ends with that process, also when
# that is killed. Arguments: `namespace:NAME`, `group:PATH` of a control group, and `folder:PATH`, which may be gone already.
trap '' HUP INT TERM
cat >/dev/null

for left; do
  name=${left#namespace:}
  [ "$name" = "$left" ] || [ ! -e "/run/netns/$name" ] || {
    for _ in 1 2 3 4 5 6 7 8 9 10; do
      pids=$(ip netns pids "$name")
      [ -n "$pids" ] || break
      # shellcheck disable=SC2086 # a list of numbers
      kill -KILL $pids 2>/dev/null
      sleep 0.2
    done
    ip netns delete "$name"
  }
done

for left; do
  group=${left#group:}
  [ "$group" = "$left" ] || [ ! -e "$group" ] || {
    echo 1 >"$group/cgroup.kill"
    for _ in 1 2 3 4 5 6 7 8 9 10; do
      find "$group" -depth -type d -exec rmdir {} + 2>/dev/null && break
      sleep 0.2
    done
  }
done

for left; do
  folder=${left#folder:}
  [ "$folder" = "$left" ] || [ ! -e "$folder" ] || {
    # A container of an image may have parts of this machine mounted in there.
    findmnt --raw --noheadings --output TARGET | grep -F "$folder/" | sort -r | xargs -r umount --lazy
    rm -rf --one-file-system "$folder"
  }
done
