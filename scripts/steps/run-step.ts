// Runs one step of a plan inside the folder of a build.
import { join } from 'node:path';
import { settleTar } from '../archive/tar-headers.ts';
import { fetchInput } from '../inputs/fetch.ts';
import type { Build } from './build.ts';
import { writeDisk } from './disk.ts';
import { writeEeprom } from './eeprom.ts';
import { writeFat } from './fat.ts';
import { writeInitramfs } from './initramfs.ts';
import { SOURCE_DATE } from './source-date.ts';
import type { Step } from './step.ts';
import { writeTree } from './tree.ts';
import { copyUBoots } from './u-boot.ts';

const TAR_OPTIONS = [
  ...['--format=ustar', `--mtime=@${SOURCE_DATE}`, '--mode=u=rwX,go=rX'],
  ...['--owner=0', '--group=0', '--numeric-owner'],
];

/** Throws what a missing input or a failing program throws; the build's folder then holds half of the output. */
export async function runStep(step: Step, build: Build): Promise<void> {
  switch (step.kind) {
    case 'unpack':
      await build.$`dpkg-deb -x ${await fetchInput(step.input, build.places)} ${step.to}`;
      return;
    case 'tree':
      return writeTree(step, build);
    case 'fat16':
    case 'fat32':
      return writeFat(step, build);
    case 'syslinux':
      await build.$`syslinux --install ${step.partition}`;
      return;
    case 'disk':
      return writeDisk(step, build.folder);
    case 'tar':
      await build.$`tar --create --file ${step.to} --directory ${step.tree} ${TAR_OPTIONS} ${step.files}`;
      return settleTar(join(build.folder, step.to));
    case 'u-boot':
      return copyUBoots(step, build);
    case 'eeprom':
      return writeEeprom(step, build);
    case 'initramfs':
      return writeInitramfs(step, build);
    case 'overlay':
      await build.$`dtc -q -@ -I dts -O dtb -o ${step.to} ${join(build.artifacts, step.artifact)}`;
      return;
    case 'gzip':
      // GNU gzip, whose output has been the same for decades; zlib, as in Node.js, varies with version and processor.
      await build.$`gzip -9 -n < ${join(build.folder, step.from)} > ${step.to}`;
      return;
  }
}
