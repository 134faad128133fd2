// The default image of 64-bit PCs: Debian bookworm with systemd and an ssh server.
import type { ImageRecipe } from './recipe.ts';

export const pcX8664: ImageRecipe = {
  model: 'pc-x86-64',
  reference: 'waltplatform/pc-x86-64-default:latest',
  suite: 'bookworm',
  architecture: 'amd64',
  packages: [
    ...['systemd', 'systemd-sysv', 'udev', 'kmod', 'dbus', 'tzdata', 'netbase', 'ca-certificates'],
    // The static one: walt-init keeps a copy of it in RAM, and the initrd has no libraries.
    'busybox-static',
    ...['openssh-server', 'iproute2', 'iputils-ping', 'procps', 'nano', 'less', 'wget'],
  ],
  masked: [
    ...['apt-daily.timer', 'apt-daily-upgrade.timer', 'dpkg-db-backup.timer'],
    ...['e2scrub_all.timer', 'e2scrub_reap.service', 'fstrim.timer'],
    'systemd-pstore.service',
  ],
  kernel: {
    metapackage: 'linux-image-amd64',
    initrdModules: [
      ...['nfsv3', 'nfsv4', 'overlay', 'crc32c_generic', 'crc32c-intel'],
      ...['virtio_net', 'virtio_pci', 'vmxnet3', 'hv_netvsc', 'xen-netfront'],
      ...['xhci-pci', 'ehci-pci', 'ohci-pci', 'uhci-hcd'],
      ...['drivers/net/ethernet/', 'drivers/net/phy/', 'drivers/net/usb/'],
    ],
    // Cards of data centres' clouds, and those that do nothing without firmware that Debian cannot ship.
    initrdLeavesOut: [
      ...['amazon', 'brocade', 'cavium', 'google', 'huawei', 'netronome', 'neterion', 'qlogic'].map(
        (vendor) => `drivers/net/ethernet/${vendor}/`,
      ),
      ...['drivers/net/ethernet/broadcom/bnx2x/', 'drivers/net/usb/hso.ko'],
    ],
  },
  startScript: 'boot-artifacts/images/pc-x86-64/start.ipxe',
};
