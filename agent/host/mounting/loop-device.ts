/**
 * A function of the shell that finds the loop device of a file, and makes it where there is none: `device FILE [OPTION]` leaves its path in
 * `$found`. The same file is never on two devices. losetup(8) follows links once more than whoever opened the file: what it took is
 * compared with that.
 *
 * All devices are looked at once, however many files follow: losetup takes milliseconds for hundreds of them, each time that it is asked for
 * those of one file. Files are told apart by inode and device, whose number is as st_dev of stat(2) has it.
 */
export const LOOP_DEVICE = `
learn() {
  while [ $# -ge 3 ]; do
    eval "loop_$1_\${2%:*}_\${2#*:}=$3"
    shift 3
  done
}
identify() {
  facts=$(stat -L -c '%i %d' "$1") || return 1
  set -- $facts
  identity="$1 $(($2 >> 8 & 0xfff | $2 >> 32 & ~0xfff)):$(($2 & 0xff | $2 >> 12 & ~0xff))"
}
device() {
  identify "$1" || return 1
  name=loop_\${identity% *}_\${identity#* }
  eval "found=\\\${\${name%:*}_\${name#*:}:-}"
  [ -z "$found" ] || return 0
  found=$(losetup --find --show $2 "$1") || return 1
  taken=$(losetup --list --noheadings --output BACK-INO,BACK-MAJ:MIN "$found")
  if [ "$(echo $taken)" != "$identity" ]; then
    losetup --detach "$found"
    echo "losetup took another file than $1" >&2
    return 1
  fi
  learn $identity "$found"
}
learn $(losetup --list --noheadings --output BACK-INO,BACK-MAJ:MIN,NAME)`;
