// `pc-usb.dd.gz`: a USB stick that starts PCs with BIOS, and with UEFI of 64 or 32 bits, Secure Boot on or off. See boot-artifacts/pc/README.md.

import { inputs } from '../inputs/sources.ts';
import type { Plan } from '../steps/plan.ts';
import type { TreeFile } from '../steps/step.ts';
import { licences } from './licences.ts';
import type { Medium } from './medium.ts';
import { PROGRAMS } from './pc-programs.ts';
import { stickSteps } from './stick-disk.ts';

export const pcUsb: Medium = {
  name: 'pc',
  summary: 'USB stick for all PCs (BIOS, UEFI, Secure Boot): pc-usb.dd.gz',
  plan: planPcUsb,
};

/** Names the stick on every machine it is plugged into: "WALT" in ASCII. */
const ID = 0x57414c54;

const FILES: readonly TreeFile[] = [
  { path: 'README.TXT', from: { artifact: 'pc/README.TXT' } },
  { path: 'VERSION.TXT', from: { text: versionText() }, isVersioned: true },
  // At the root, where every iPXE looks last, whichever folder of the stick it was started from.
  { path: 'autoexec.ipxe', from: { artifact: 'pc/autoexec.ipxe' }, isVersioned: true },
  { path: 'syslinux.cfg', from: { artifact: 'pc/syslinux.cfg' } },
  { path: 'ipxe.lkrn', from: { unpacked: 'ipxe/usr/lib/ipxe/ipxe.lkrn' } },
  // shim starts grubx64.efi beside it; GRUB reads /grub/grub.cfg, and starts /ipxe.efi unless Secure Boot is on.
  { path: 'EFI/BOOT/BOOTX64.EFI', from: { unpacked: PROGRAMS.shimX64 } },
  { path: 'EFI/BOOT/grubx64.efi', from: { unpacked: PROGRAMS.grubX64 } },
  { path: 'EFI/BOOT/BOOTIA32.EFI', from: { unpacked: PROGRAMS.grubIa32 } },
  { path: 'grub/grub.cfg', from: { artifact: 'pc/grub.cfg' }, isVersioned: true },
  // Not snponly.efi: that one drives only the card it was itself loaded from, and a stick is no card.
  { path: 'ipxe.efi', from: { unpacked: PROGRAMS.ipxeX64 } },
  ...licences([inputs.ipxe, inputs.syslinux, inputs.shim, inputs.grub]),
];

function versionText(): string {
  return `medium:   pc-usb
content:  @VERSION@
ipxe:     ${inputs.ipxe.version}
syslinux: ${inputs.syslinux.version}
shim:     ${inputs.shim.version}
grub:     ${inputs.grub.version}
`;
}

function planPcUsb(): Plan {
  const { ipxe, syslinux, shim, grub, grubIa32, mtools, dosfstools } = inputs;
  const packages = [ipxe, syslinux, shim, grub, grubIa32, mtools, dosfstools];
  return {
    output: 'pc-usb.dd.gz',
    inputs: packages,
    tools: ['syslinux/usr/bin', 'mtools/usr/bin', 'dosfstools/sbin'],
    steps: [
      ...packages.map((input) => ({ kind: 'unpack', input, to: input.package }) as const),
      ...stickSteps({ name: 'pc-usb', files: FILES, mebibytes: 15, label: 'WALT', id: ID }),
    ],
  };
}
