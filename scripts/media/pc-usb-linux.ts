// `pc-usb-linux.dd.gz`: a larger stick for network cards that neither firmware nor iPXE drive: Debian's signed kernel with its
// drivers finds the server and starts the image's kernel by kexec. See boot-artifacts/pc/README.md.

import { inputs } from '../inputs/sources.ts';
import type { Plan } from '../steps/plan.ts';
import type { InitramfsStep, TreeFile } from '../steps/step.ts';
import { licences } from './licences.ts';
import type { Medium } from './medium.ts';
import { PROGRAMS } from './pc-programs.ts';
import { stickSteps } from './stick-disk.ts';

export const pcUsbLinux: Medium = {
  name: 'pc-linux',
  summary: 'USB stick with Linux drivers for network cards: pc-usb-linux.dd.gz',
  plan: planPcUsbLinux,
};

/** "WALL" in ASCII: another stick than pc-usb, should both be plugged in. */
const ID = 0x57414c4c;
const KERNEL = inputs.linux.package;
const KERNEL_VERSION = KERNEL.replace('linux-image-', '');

/** Firmware of cards found in PCs; what cards of data centres load (qlogic, cavium, netronome, mellanox) is left out for size. */
const FIRMWARE = [
  { package: 'firmware-realtek', folders: ['rtl_nic'] },
  { package: 'firmware-bnx2', folders: ['bnx2'] },
  { package: 'firmware-bnx2x', folders: ['bnx2x'] },
  { package: 'firmware-misc-nonfree', folders: ['tigon', 'e100', '3com', 'kaweth', 'tehuti'] },
];

const INITRAMFS: InitramfsStep = {
  kind: 'initramfs',
  to: 'initrd',
  kernel: KERNEL,
  kmod: 'kmod/bin/kmod',
  files: [
    { path: 'init', from: { artifact: 'pc/linux/init' } },
    { path: 'start-words', from: { artifact: '../buildroot-overlay/bin/walt-start-words' } },
    { path: 'udhcpc-script', from: { artifact: 'pc/linux/udhcpc-script' } },
    { path: 'bin/busybox', from: { unpacked: 'busybox-static/bin/busybox' } },
    { path: 'kexec/kexec', from: { unpacked: 'kexec-tools/sbin/kexec' } },
    // What kexec is linked with, out of the way: a static busybox that finds it takes it for its own, and crashes.
    { path: 'kexec/libc.so.6', from: { unpacked: libcFile('libc.so.6') } },
    { path: 'kexec/ld.so', from: { unpacked: libcFile('ld-linux-x86-64.so.2') } },
    ...FIRMWARE.flatMap(({ package: name, folders }) =>
      folders.map((folder) => ({
        path: `lib/firmware/${folder}`,
        from: { unpacked: `${name}/lib/firmware/${folder}` },
      })),
    ),
  ],
  programs: [
    ...['init', 'udhcpc-script', 'bin/busybox', 'kexec/kexec'],
    ...['kexec/libc.so.6', 'kexec/ld.so'],
  ],
  modules: {
    initrdModules: [
      ...['virtio_net', 'virtio_pci', 'vmxnet3', 'hv_netvsc', 'xen-netfront'],
      ...['xhci-pci', 'ehci-pci', 'ohci-pci', 'uhci-hcd'],
      ...['drivers/net/ethernet/', 'drivers/net/phy/', 'drivers/net/usb/', 'drivers/net/mdio/'],
    ],
    initrdLeavesOut: [
      ...['amazon', 'brocade', 'cavium', 'google', 'huawei', 'mellanox', 'netronome', 'qlogic'].map(
        (vendor) => `drivers/net/ethernet/${vendor}/`,
      ),
      'drivers/net/usb/hso.ko',
    ],
  },
};

const FILES: readonly TreeFile[] = [
  { path: 'README.TXT', from: { artifact: 'pc/linux/README.TXT' } },
  { path: 'VERSION.TXT', from: { text: versionText() }, isVersioned: true },
  { path: 'syslinux.cfg', from: { artifact: 'pc/linux/syslinux.cfg' } },
  { path: 'linux', from: { unpacked: `${KERNEL}/boot/vmlinuz-${KERNEL_VERSION}` } },
  { path: 'initrd', from: { unpacked: 'initrd' } },
  { path: 'EFI/BOOT/BOOTX64.EFI', from: { unpacked: PROGRAMS.shimX64 } },
  { path: 'EFI/BOOT/grubx64.efi', from: { unpacked: PROGRAMS.grubX64 } },
  { path: 'EFI/BOOT/BOOTIA32.EFI', from: { unpacked: PROGRAMS.grubIa32 } },
  { path: 'grub/grub.cfg', from: { artifact: 'pc/linux/grub.cfg' }, isVersioned: true },
  ...licences([
    ...[inputs.linux, inputs.busybox, inputs.kexec, inputs.libc, inputs.syslinux],
    ...[inputs.shim, inputs.grub],
    ...[inputs.firmwareRealtek, inputs.firmwareBnx2, inputs.firmwareBnx2x, inputs.firmwareMisc],
  ]),
];

function libcFile(file: string): string {
  return `libc6/lib/x86_64-linux-gnu/${file}`;
}

function versionText(): string {
  const { linux, busybox, kexec, shim, grub, syslinux, firmwareMisc } = inputs;
  return `medium:   pc-usb-linux
content:  @VERSION@
linux:    ${linux.version}
busybox:  ${busybox.version}
kexec:    ${kexec.version}
firmware: ${firmwareMisc.version}
shim:     ${shim.version}
grub:     ${grub.version}
syslinux: ${syslinux.version}
`;
}

function planPcUsbLinux(): Plan {
  const { linux, busybox, kexec, libc, syslinux, shim, grub, grubIa32 } = inputs;
  const { firmwareRealtek, firmwareBnx2, firmwareBnx2x, firmwareMisc } = inputs;
  const { kmod, mtools, dosfstools } = inputs;
  const packages = [
    ...[linux, busybox, kexec, libc, syslinux, shim, grub, grubIa32],
    ...[firmwareRealtek, firmwareBnx2, firmwareBnx2x, firmwareMisc, kmod, mtools, dosfstools],
  ];
  return {
    output: 'pc-usb-linux.dd.gz',
    inputs: packages,
    tools: ['syslinux/usr/bin', 'mtools/usr/bin', 'dosfstools/sbin'],
    steps: [
      ...packages.map((input) => ({ kind: 'unpack', input, to: input.package }) as const),
      INITRAMFS,
      ...stickSteps({
        name: 'pc-usb-linux',
        files: FILES,
        mebibytes: 63,
        label: 'WALT-LINUX',
        id: ID,
      }),
    ],
  };
}
