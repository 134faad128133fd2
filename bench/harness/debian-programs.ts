/** Programs to compare with, taken out of their Debian packages: nothing is installed, no service starts. */
import { join } from 'node:path';
import { $ } from '../../scripts/run.ts';

/** Unpacks the packages, and the libraries that they name, below `folder`. @returns the folder of the programs */
export async function unpackPackages(packages: readonly string[], folder: string): Promise<string> {
  const root = join(folder, 'programs');
  await $`mkdir -p ${root}`;
  const wanted = [...packages, ...(await librariesOf(packages))];
  await $({ cwd: root })`apt-get -q download ${wanted}`;
  await $({ cwd: root })`sh -c ${'for package in *.deb; do dpkg-deb -x "$package" .; done'}`;
  return join(root, 'usr/sbin');
}

/** Those that every machine has are left out: the C library goes with the kernel and the loader of the machine. */
async function librariesOf(packages: readonly string[]): Promise<string[]> {
  const { stdout } = await $`apt-cache depends ${packages}`;
  const names = [...stdout.matchAll(/^ +Depends: (lib\S+)$/gm)].map(([, name = '']) => name);
  return [...new Set(names)].filter((name) => !/^lib(c6|gcc|stdc)/.test(name));
}

/** Argv of a program that finds its libraries beside itself. */
export function withLibraries(programs: string, argv: readonly string[]): string[] {
  const libraries = ['usr/lib', 'lib'].map((at) => join(programs, '../..', at, 'x86_64-linux-gnu'));
  return ['env', `LD_LIBRARY_PATH=${libraries.join(':')}`, ...argv];
}
