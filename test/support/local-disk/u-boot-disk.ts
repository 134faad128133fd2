// A disk with a system for U-Boot: one partition, ext2, with the files that U-Boot's own boot order looks for.
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { succeed } from '../../../lab/programs/run-program.ts';

const FIRST_SECTOR = 2048;
const KIBIBYTES = 4096;

/** Writes the disk to the file. @param contents by path on the disk @returns QEMU's options for a machine that has it */
export async function makeUBootDisk(
  file: string,
  contents: Readonly<Record<string, string | Uint8Array>>,
): Promise<string[]> {
  const root = `${file}.root`;
  await mkdir(root);
  for (const [path, content] of Object.entries(contents)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  }
  await succeed(['truncate', '-s', '6M', file]);
  const table = `${FIRST_SECTOR},${KIBIBYTES * 2},L,*\n`;
  await succeed(['sfdisk', '--quiet', file], { input: table });
  const place = ['-E', `offset=${FIRST_SECTOR * 512}`, file, `${KIBIBYTES}k`];
  await succeed(['mke2fs', '-q', '-t', 'ext2', '-d', root, ...place]);
  return [
    ...['-drive', `if=none,id=own,format=raw,file=${file}`],
    ...['-device', 'virtio-blk-device,drive=own'],
  ];
}
