// Form of a setting: the disks of a virtual machine.
import { complaint, type Form, type Reading, value } from '../setting.ts';
import { complaintAboutOptions, type Item, readItems } from './items.ts';

/** What is on a disk when it is new. */
const DISK_TEMPLATES = ['none', 'ext4', 'fat32'] as const;

/** A disk of a virtual machine. `sizeBytes` is in bytes, a multiple of 10^9. */
export type Disk = {
  readonly sizeBytes: number;
  readonly template: (typeof DISK_TEMPLATES)[number];
};

const GB = 1e9;
const UNITS = { G: GB, T: 1000 * GB } as const;
const LARGEST = 16 * UNITS.T;
/** FAT32 counts sectors of 512 bytes in 32 bits. */
const LARGEST_FAT = 2 * UNITS.T;
const MOST = 8;
const EXPECTED = 'expected none, or sizes with G or T behind them, as 8G or 1T[template=ext4],32G';

/** `none`, or a list of sizes: `8G`, `1T[template=ext4],32G`. G is 10^9 bytes, T is 10^12. */
export const disks: Form<readonly Disk[]> = {
  text: `none, or up to ${MOST} sizes up to 16T, as 8G or 1T[template=ext4],32G (templates: ${DISK_TEMPLATES.join(', ')})`,
  read: (written) => {
    if (written === 'none') return value([]);
    const items = readItems(written);
    if (items === undefined) return complaint(EXPECTED);
    if (items.length > MOST) return complaint(`expected ${MOST} disks at most`);
    const read: Disk[] = [];
    for (const item of items) {
      const reading = readDisk(item);
      if (reading.kind === 'complaint') return reading;
      read.push(reading.value);
    }
    return value(read);
  },
};

function readDisk(item: Item): Reading<Disk> {
  const [, count = '', unit = ''] = /^(\d+)([GT])$/.exec(item.name) ?? [];
  if (unit === '') return complaint(`'${item.name}' is no size of a disk, ${EXPECTED}`);
  const wrong = complaintAboutOptions(item, ['template']);
  if (wrong !== undefined) return complaint(wrong);
  const [, word = 'none'] = item.options[0] ?? [];
  const template = DISK_TEMPLATES.find((one) => one === word);
  if (template === undefined) {
    return complaint(`there is no template '${word}', expected ${DISK_TEMPLATES.join(', ')}`);
  }
  const sizeBytes = Number(count) * UNITS[unit as keyof typeof UNITS];
  if (sizeBytes === 0) return complaint(`'${item.name}' is nothing, expected 1G or more`);
  if (sizeBytes > LARGEST) return complaint(`'${item.name}' is too large, expected 16T or less`);
  if (template === 'fat32' && sizeBytes > LARGEST_FAT) {
    return complaint(`'${item.name}' is too large for fat32, expected 2T or less`);
  }
  return value({ sizeBytes, template });
}
