// What all default images have in common: Debian bookworm with systemd and an ssh server.

export const debian = {
  suite: 'bookworm',
  packages: [
    ...['systemd', 'systemd-sysv', 'udev', 'kmod', 'dbus', 'tzdata', 'netbase', 'ca-certificates'],
    // Walt-init sets the clock; this holds it right afterwards.
    'systemd-timesyncd',
    // The static one: walt-init keeps a copy of it in RAM, and the initrd has no libraries.
    'busybox-static',
    ...['openssh-server', 'iproute2', 'iputils-ping', 'procps', 'nano', 'less', 'wget'],
    // What experiments ask for first. Nodes read what they use of it, over NFS: size is a matter of the server.
    ...['python3', 'curl', 'rsync', 'tcpdump', 'sudo', 'vim-tiny', 'git'],
  ],
  masked: [
    ...['apt-daily.timer', 'apt-daily-upgrade.timer', 'dpkg-db-backup.timer'],
    ...['e2scrub_all.timer', 'e2scrub_reap.service', 'fstrim.timer'],
    'systemd-pstore.service',
    // Of no use on a node, whose root is in memory and gone at its next boot; each costs a boot some hundredths of a second, on
    // slow boards tenths. What a kernel loads when it is asked for need not be loaded before (udev mounts what belongs to fuse and configfs
    // then); hugepages are mounted by who has some.
    ...['systemd-remount-fs.service', 'systemd-journal-flush.service'],
    ...['systemd-random-seed.service', 'systemd-update-utmp.service'],
    ...['systemd-update-utmp-runlevel.service', 'dev-hugepages.mount'],
    ...['configfs', 'dm_mod', 'drm', 'fuse', 'loop'].map((name) => `modprobe@${name}.service`),
    // They would have each reboot go by kexec into what the image's own folder /boot has.
    ...['kexec.service', 'kexec-load.service'],
  ],
} as const;
