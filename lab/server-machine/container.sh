#!/bin/sh
# Becomes systemd on a disk, with mounts, processes and control groups of its own; what it mounts goes with it.
# Arguments: the disk (ext4), and a folder to mount it on. It is started by container-loop.sh.
set -eu

disk=$1
root=$2

mount --make-rprivate /
mount -o loop "$disk" "$root"
mount -t proc -o nosuid,nodev,noexec proc "$root/proc"
# Read-only, as in every container: systemd then starts no udev, and no unit takes the machine's devices for its own.
mount -t sysfs -o ro,nosuid,nodev,noexec sysfs "$root/sys"
mount -t cgroup2 -o nosuid,nodev,noexec cgroup2 "$root/sys/fs/cgroup"
mount -t tmpfs -o mode=755 tmpfs "$root/run"
mount -t tmpfs -o mode=755 tmpfs "$root/dev"
mkdir "$root/dev/pts" "$root/dev/shm" "$root/dev/net"
mount -t devpts -o newinstance,ptmxmode=0666,mode=620,gid=5 devpts "$root/dev/pts"
chmod 1777 "$root/dev/shm"

# A device: its name, its numbers, its mode.
device() { mknod -m "$3" "$root/dev/$1" "${4:-c}" "${2%:*}" "${2#*:}"; }
device null 1:3 666
device zero 1:5 666
device full 1:7 666
device random 1:8 666
device urandom 1:9 666
device tty 5:0 666
device net/tun 10:200 666
device loop-control 10:237 600
number=0
while [ "$number" -lt 256 ]; do
  device "loop$number" "7:$number" 600 b
  number=$((number + 1))
done
ln -s pts/ptmx "$root/dev/ptmx"
ln -s /proc/self/fd "$root/dev/fd"
for word in stdin:0 stdout:1 stderr:2; do ln -s "/proc/self/fd/${word#*:}" "$root/dev/${word%:*}"; done

cd "$root"
mkdir -p old
pivot_root . old
umount -l old
# As systemd has it on a machine: what one unit mounts, others see.
mount --make-rshared /
exec env -i container=walt-lab PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
  /lib/systemd/systemd --log-target=journal
