// `pc-usb.dd.gz`: a USB stick that starts PCs with BIOS and with 64-bit UEFI firmware. See boot-artifacts/pc/README.md.
import type { Plan } from '../plan.ts';
import { inputs } from '../sources.ts';
import type { TreeFile } from '../steps/step.ts';
import type { Medium } from './medium.ts';

export const pcUsb: Medium = {
  name: 'pc',
  summary: 'USB stick for PCs (BIOS, 64-bit UEFI): pc-usb.dd.gz',
  plan: planPcUsb,
};

/** Names the stick on every machine it is plugged into: "WALT" in ASCII. */
const ID = 0x57414c54;
/** A whole mebibyte, which flash memory likes. */
const FIRST_SECTOR = 2048;

const FILES: readonly TreeFile[] = [
  { path: 'README.TXT', from: { artifact: 'pc/README.TXT' } },
  { path: 'VERSION.TXT', from: { text: versionText() }, isVersioned: true },
  // At the root, where every iPXE looks last, whichever folder of the stick it was started from.
  { path: 'autoexec.ipxe', from: { artifact: 'pc/autoexec.ipxe' }, isVersioned: true },
  { path: 'syslinux.cfg', from: { artifact: 'pc/syslinux.cfg' } },
  { path: 'ipxe.lkrn', from: { unpacked: 'ipxe/usr/lib/ipxe/ipxe.lkrn' } },
  // Not snponly.efi: that one drives only the card it was itself loaded from, and a stick is no card.
  { path: 'EFI/BOOT/BOOTX64.EFI', from: { unpacked: 'ipxe/usr/lib/ipxe/ipxe-amd64.efi' } },
];

function versionText(): string {
  return `medium:   pc-usb
content:  @VERSION@
ipxe:     ${inputs.ipxe.version}
syslinux: ${inputs.syslinux.version}
`;
}

function planPcUsb(): Plan {
  const { ipxe, syslinux, mtools, dosfstools } = inputs;
  const packages = [ipxe, syslinux, mtools, dosfstools];
  return {
    output: 'pc-usb.dd.gz',
    inputs: packages,
    tools: ['syslinux/usr/bin', 'mtools/usr/bin', 'dosfstools/sbin'],
    steps: [
      ...packages.map((input) => ({ kind: 'unpack', input, to: input.package }) as const),
      { kind: 'tree', files: FILES, to: 'tree' },
      {
        kind: 'fat16',
        tree: 'tree',
        files: FILES.map(({ path }) => path),
        to: 'partition.img',
        mebibytes: 15,
        firstSector: FIRST_SECTOR,
        label: 'WALT',
        id: ID,
      },
      { kind: 'syslinux', partition: 'partition.img' },
      {
        kind: 'disk',
        bootCode: 'syslinux/usr/lib/SYSLINUX/mbr.bin',
        partition: 'partition.img',
        firstSector: FIRST_SECTOR,
        type: 0xef,
        id: ID,
        to: 'pc-usb.dd',
      },
      { kind: 'gzip', from: 'pc-usb.dd', to: 'pc-usb.dd.gz' },
    ],
  };
}
