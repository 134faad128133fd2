// A disk that UEFI starts: shim, and a GRUB whose configuration says something, as PXE clients get them.
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { succeed } from '../../../lab/programs/run-program.ts';

const PXE = join(import.meta.dirname, '../../../release/dist/pxe');
const FIRST_SECTOR = 2048;
const SECTORS = 69_632;
const EFI_SYSTEM = 'C12A7328-F81F-11D2-BA4B-00A0C93EC93B';

type Content = {
  /** path on the disk to the program in the PXE tree */
  readonly programs: Readonly<Record<string, string>>;
  readonly says: string;
};

/** Writes a disk with an EFI partition to the file. GRUB's configuration is in `/grub`, where that of PXE looks. */
export async function makeEfiDisk(file: string, { programs, says }: Content): Promise<void> {
  await succeed(['truncate', '-s', '40M', file]);
  const table = `label: gpt\nstart=${FIRST_SECTOR},size=${SECTORS},type=${EFI_SYSTEM}\n`;
  await succeed(['sfdisk', '--quiet', file], { input: table });
  await succeed([
    ...['mkfs.vfat', '--offset', String(FIRST_SECTOR), '-F', '16', file],
    String(SECTORS / 2),
  ]);
  const config = `${file}.cfg`;
  await writeFile(config, `echo '${says}'\nsleep 1000\n`);
  const files = Object.entries(programs).map(([to, from]) => [to, join(PXE, from)] as const);
  for (const [to, from] of [...files, ['grub/grub.cfg', config] as const]) {
    await copyInto(`${file}@@${FIRST_SECTOR * 512}`, { to, from });
  }
}

async function copyInto(
  image: string,
  { to, from }: { readonly to: string; readonly from: string },
): Promise<void> {
  const parts = dirname(to).split('/');
  const folders = parts.map((_, index) => `::${parts.slice(0, index + 1).join('/')}`);
  // Folders that are there already stay.
  for (const folder of folders)
    await succeed(['mmd', '-i', image, '-D', 's', folder]).catch(() => '');
  await succeed(['mcopy', '-i', image, from, `::${to}`]);
}
