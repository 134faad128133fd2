// The steps that every stick for PCs ends with: its files become one FAT partition of a disk that BIOS and UEFI both start.
import type { Step, TreeFile } from '../steps/step.ts';

/** A whole mebibyte, which flash memory likes. */
const FIRST_SECTOR = 2048;

/** @returns what makes `<name>.dd.gz` of `files` */
export function stickSteps(stick: {
  readonly name: string;
  readonly files: readonly TreeFile[];
  /** of the partition */
  readonly mebibytes: number;
  readonly label: string;
  /** names the stick on every machine it is plugged into */
  readonly id: number;
}): Step[] {
  const { name, files, mebibytes, label, id } = stick;
  return [
    { kind: 'tree', files, to: 'tree' },
    {
      kind: 'fat16',
      tree: 'tree',
      files: files.map(({ path }) => path),
      to: 'partition.img',
      mebibytes,
      firstSector: FIRST_SECTOR,
      label,
      id,
    },
    { kind: 'syslinux', partition: 'partition.img' },
    {
      kind: 'disk',
      bootCode: 'syslinux/usr/lib/SYSLINUX/mbr.bin',
      partition: 'partition.img',
      firstSector: FIRST_SECTOR,
      type: 0xef,
      id,
      to: `${name}.dd`,
    },
    { kind: 'gzip', from: `${name}.dd`, to: `${name}.dd.gz` },
  ];
}
