// `pxe`: what machines boot from that have no stick, by PXE or UEFI HTTP boot, as a folder for the server and as an archive.
// See boot-artifacts/pc/README.md.

import { inputs } from '../inputs/sources.ts';
import type { Plan } from '../steps/plan.ts';
import type { TreeFile } from '../steps/step.ts';
import { licences } from './licences.ts';
import type { Medium } from './medium.ts';
import { PROGRAMS } from './pc-programs.ts';

export const pxe: Medium = {
  name: 'pxe',
  summary: 'for PCs without a stick (PXE, UEFI HTTP boot): pxe/ and pxe.tar.gz',
  plan: planPxe,
};

const FILES: readonly TreeFile[] = [
  { path: 'VERSION.TXT', from: { text: versionText() }, isVersioned: true },
  { path: 'undionly.kpxe', from: { unpacked: PROGRAMS.undionly } },
  // iPXE with BIOS, ours or another, gets the name of pc.ipxe by DHCP; with UEFI ours looks for autoexec.ipxe beside itself.
  { path: 'pc.ipxe', from: { artifact: 'pc/pc.ipxe' } },
  { path: 'autoexec.ipxe', from: { artifact: 'pc/autoexec.ipxe' }, isVersioned: true },
  { path: 'ipxe.efi', from: { unpacked: PROGRAMS.ipxeX64 } },
  { path: 'snponly.efi', from: { unpacked: PROGRAMS.snponlyX64 } },
  { path: 'shimx64.efi', from: { unpacked: PROGRAMS.shimX64 } },
  { path: 'grubx64.efi', from: { unpacked: PROGRAMS.grubX64 } },
  { path: 'bootia32.efi', from: { unpacked: PROGRAMS.grubIa32 } },
  { path: 'shimaa64.efi', from: { unpacked: PROGRAMS.shimArm64 } },
  { path: 'grubaa64.efi', from: { unpacked: PROGRAMS.grubArm64 } },
  { path: 'grub/grub.cfg', from: { artifact: 'pc/grub.cfg' }, isVersioned: true },
  ...licences([inputs.ipxe, inputs.shim, inputs.grub]),
];

function versionText(): string {
  return `medium:   pxe
content:  @VERSION@
ipxe:     ${inputs.ipxe.version}
shim:     ${inputs.shim.version}
grub:     ${inputs.grub.version}
`;
}

function planPxe(): Plan {
  const { ipxe, shim, grub, grubIa32, shimArm64, grubArm64 } = inputs;
  return {
    output: 'pxe.tar.gz',
    folder: 'pxe',
    inputs: [ipxe, shim, grub, grubIa32, shimArm64, grubArm64],
    tools: [],
    steps: [
      ...[ipxe, shim, grub, grubIa32].map(
        (input) => ({ kind: 'unpack', input, to: input.package }) as const,
      ),
      ...[shimArm64, grubArm64].map(
        (input) => ({ kind: 'unpack', input, to: `${input.package}-arm64` }) as const,
      ),
      { kind: 'tree', files: FILES, to: 'pxe' },
      { kind: 'tar', tree: 'pxe', files: FILES.map(({ path }) => path), to: 'pxe.tar' },
      { kind: 'gzip', from: 'pxe.tar', to: 'pxe.tar.gz' },
    ],
  };
}
