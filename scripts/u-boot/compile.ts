// Compiles one U-Boot out of tree, and its device trees.
import { appendFile, copyFile, mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { uBoots } from '../boards.ts';
import { $ } from '../run.ts';
import { SOURCE_DATE } from '../steps/source-date.ts';
import { ineffective } from './configuration.ts';

/** One compilation of U-Boot; folders are absolute paths. The result goes to `to`. */
export type CompileOptions = {
  readonly source: string;
  /** A folder of its own for what is made on the way. */
  readonly work: string;
  /** What is added to the default configuration. */
  readonly fragment: string;
  /** How many compilers at once. */
  readonly jobs: number;
  readonly to: string;
};

/** Leaves u-boot.bin, its configuration `config`, the device trees and the licence in the folder `to`. */
export async function compileUBoot(
  { defconfig, compiler }: (typeof uBoots)[keyof typeof uBoots],
  { source, work, fragment, jobs, to }: CompileOptions,
): Promise<void> {
  await mkdir(work, { recursive: true });
  const make = makeIn(source, compiler);
  await make([`O=${work}`, defconfig]);
  await appendFile(join(work, '.config'), fragment);
  await make([`O=${work}`, 'olddefconfig']);
  const lost = ineffective(fragment, await readFile(join(work, '.config'), 'utf8'));
  if (lost.length > 0) {
    throw new Error(
      `Cannot configure U-Boot ${defconfig}: no effect has ${lost.join(', ')}. See boot-artifacts/rpi/u-boot/.`,
    );
  }
  // Where the source happens to be must not get into messages with a file name.
  const flags = `KCFLAGS=-ffile-prefix-map=${source}=.`;
  await make([`O=${work}`, `-j${jobs}`, flags, 'u-boot.bin', 'dtbs']);
  await mkdir(to, { recursive: true });
  await copyFile(join(work, 'u-boot.bin'), join(to, 'u-boot.bin'));
  await copyFile(join(work, '.config'), join(to, 'config'));
  await copyFile(join(source, 'Licenses/gpl-2.0.txt'), join(to, 'gpl-2.0.txt'));
  const trees = join(work, 'arch/arm/dts');
  for (const file of await readdir(trees)) {
    if (/^bcm.*\.dtb$/.test(file)) await copyFile(join(trees, file), join(to, file));
  }
}

function makeIn(source: string, compiler: string): (args: readonly string[]) => Promise<unknown> {
  const env = {
    PATH: process.env.PATH,
    LC_ALL: 'C',
    TZ: 'UTC',
    ARCH: 'arm',
    CROSS_COMPILE: compiler,
    SOURCE_DATE_EPOCH: String(SOURCE_DATE),
    KBUILD_BUILD_USER: 'walt',
    KBUILD_BUILD_HOST: 'walt',
  };
  return (args) => $({ env })`nice make -s -C ${source} ${args}`;
}
