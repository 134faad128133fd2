// The kernels of the default images, and what their initrds hold: what leads from the first program to NFS.
import type { KernelRecipe } from '../recipe.ts';

const EVERYWHERE = ['nfsv3', 'nfsv4', 'overlay', 'crc32c_generic', 'virtio_net'];

const PC_MODULES = [
  ...EVERYWHERE,
  // What hot packs are mounted by.
  ...['loop', 'squashfs'],
  ...['crc32c-intel', 'virtio_pci', 'vmxnet3', 'hv_netvsc'],
  ...['xhci-pci', 'ehci-pci', 'ohci-pci', 'uhci-hcd'],
  ...['drivers/net/ethernet/', 'drivers/net/phy/', 'drivers/net/usb/'],
];

/** Not the other halves of cards (`phy`): which card has which, its driver knows alone. */
const PC_CARDS = ['drivers/net/ethernet/', 'drivers/net/usb/'];

/** Cards of data centres' clouds, and those that do nothing without firmware that Debian cannot ship. */
const PC_LEAVES_OUT = [
  ...['amazon', 'brocade', 'cavium', 'google', 'huawei', 'netronome', 'neterion', 'qlogic'].map(
    (vendor) => `drivers/net/ethernet/${vendor}/`,
  ),
  ...['drivers/net/ethernet/broadcom/bnx2x/', 'drivers/net/usb/hso.ko'],
];

/** Raspberry Pis have their network card at USB or, from the 4B on, on the chip; QEMU's machine has virtio. */
const PI_MODULES = [...EVERYWHERE, 'virtio_mmio', 'drivers/net/usb/', 'drivers/net/phy/'];

/** What the kernel for ARMv6 has built in. The watchdog runs since the firmware: somebody has to feed it soon. */
const PI_MACHINE = ['virtio_pci', 'dwc2', 'phy-generic', 'bcm2835_wdt', 'reset-raspberrypi'];

/** What hot packs are mounted by, on the boards that have the memory for one. */
const PI_PACKS = ['loop', 'squashfs'];

/** The Coral's network card is on the chip, its MAC address in the chip's fuses; QEMU's machine, to try it, has virtio. */
const CORAL_MODULES = [
  ...[...EVERYWHERE, 'virtio_mmio', 'virtio_pci', 'drivers/net/phy/'],
  ...['fec', 'nvmem-imx-ocotp', 'imx2_wdt'],
];

const PI_LEAVES_OUT = ['drivers/net/usb/hso.ko'];

export const kernels = {
  amd64: {
    metapackage: 'linux-image-amd64',
    initrdModules: [...PC_MODULES, 'xen-netfront'],
    initrdLeavesOut: PC_LEAVES_OUT,
    cardModules: PC_CARDS,
  },
  // Not 686-pae: the early Pentium M, the Geode LX and the VIA C3 have no PAE, and a PC with more memory than this
  // kernel can use is rarely one of 32 bits. Xen's card needs PAE.
  i386: {
    metapackage: 'linux-image-686',
    initrdModules: PC_MODULES,
    initrdLeavesOut: PC_LEAVES_OUT,
    cardModules: PC_CARDS,
  },
  armel: {
    metapackage: 'linux-image-rpi',
    initrdModules: PI_MODULES,
    initrdLeavesOut: PI_LEAVES_OUT,
  },
  armhf: {
    metapackage: 'linux-image-armmp',
    initrdModules: [...PI_MODULES, ...PI_MACHINE, ...PI_PACKS],
    initrdLeavesOut: PI_LEAVES_OUT,
  },
  arm64: {
    metapackage: 'linux-image-arm64',
    initrdModules: [...PI_MODULES, ...PI_MACHINE, ...PI_PACKS, 'genet', 'mdio-bcm-unimac'],
    initrdLeavesOut: PI_LEAVES_OUT,
  },
  coral: {
    metapackage: 'linux-image-arm64',
    initrdModules: CORAL_MODULES,
    initrdLeavesOut: [],
  },
} as const satisfies Record<string, KernelRecipe>;
