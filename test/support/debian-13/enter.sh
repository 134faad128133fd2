#!/bin/sh
# enter.sh ROOT [FOLDER ...] -- PROGRAM [ARGUMENT ...]: becomes the program in a root file system that is clean each time
# and ends with it; the folders are the machine's own. To be run in a mount and a process namespace of its own.
set -eu

mount -t tmpfs tmpfs /mnt
mkdir /mnt/upper /mnt/scratch /mnt/root
mount -t overlay overlay -o "lowerdir=$1,upperdir=/mnt/upper,workdir=/mnt/scratch" /mnt/root
shift
while [ "$1" != -- ]; do
  mkdir -p "/mnt/root$1"
  mount --rbind "$1" "/mnt/root$1"
  shift
done
shift
for folder in dev sys; do mount --rbind "/$folder" "/mnt/root/$folder"; done
mount -t proc proc /mnt/root/proc
cd /mnt/root
mkdir old
pivot_root . old
umount -l /old
rmdir /old
exec "$@"
