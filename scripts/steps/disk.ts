// Puts a partition behind a master boot record: a disk image that `dd` writes as it is.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DiskStep } from './step.ts';

const SECTOR = 512;
const HEADS = 255;
const SECTORS_PER_TRACK = 63;

/** Makes the file of a whole disk. @param folder of the build, where all paths of the step are */
export async function writeDisk(step: DiskStep, folder: string): Promise<void> {
  const bootCode = step.bootCode ? await readFile(join(folder, step.bootCode)) : new Uint8Array();
  const partition = await readFile(join(folder, step.partition));
  const disk = Buffer.alloc(step.firstSector * SECTOR + partition.length);
  masterBootRecord(bootCode, {
    ...step,
    sectors: Math.ceil(partition.length / SECTOR),
  }).copy(disk);
  partition.copy(disk, step.firstSector * SECTOR);
  await writeFile(join(folder, step.to), disk);
}

/**
 *     0                440           446                 510
 *     +----------------+----+----+---+-------------------+---------+
 *     | boot code      | id | 0  | 4 partition entries     | 55 aa |
 *     +----------------+----+----+---+-------------------+---------+
 *
 * with one active entry. Throws a RangeError for boot code that does not fit.
 */
export function masterBootRecord(
  bootCode: Uint8Array,
  partition: { firstSector: number; sectors: number; type: number; id: number },
): Buffer {
  if (bootCode.length > 440) {
    throw new RangeError(`Cannot write boot code: ${bootCode.length} bytes, expected at most 440`);
  }
  const record = Buffer.alloc(SECTOR);
  record.set(bootCode);
  record.writeUInt32LE(partition.id, 440);
  record.writeUInt8(0x80, 446);
  record.set(chs(partition.firstSector), 447);
  record.writeUInt8(partition.type, 450);
  record.set(chs(partition.firstSector + partition.sectors - 1), 451);
  record.writeUInt32LE(partition.firstSector, 454);
  record.writeUInt32LE(partition.sectors, 458);
  record.writeUInt16LE(0xaa55, 510);
  return record;
}

/** Head, sector and cylinder of a sector number, in the packing of a partition entry. */
function chs(sector: number): number[] {
  const track = Math.floor(sector / SECTORS_PER_TRACK);
  const cylinder = Math.floor(track / HEADS);
  return [
    track % HEADS,
    (sector % SECTORS_PER_TRACK) + 1 + ((cylinder >> 8) << 6),
    cylinder & 0xff,
  ];
}
