/** Programs to compare with, taken out of their Debian packages: nothing is installed, no service starts. */
import { join } from 'node:path';
import { fetchInput, placesOf } from '../../scripts/inputs/fetch.ts';
import type { DebianInput } from '../../scripts/inputs/input.ts';
import { $ } from '../../scripts/run.ts';

/** Debian's names for what Node says. */
const ARCHITECTURES: { readonly [node: string]: string } = { x64: 'amd64', arm64: 'arm64' };
const PROJECT = join(import.meta.dirname, '../..');

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

/**
 * Unpacks packages of another release, the C library among them, which need nothing of this machine but its kernel.
 * @returns the folder that is their root
 * @throws {Error} where one of them cannot be had
 */
export async function unpackRelease(
  packages: readonly DebianInput[],
  folder: string,
): Promise<string> {
  const other = packages.find(({ architecture }) => architecture !== ARCHITECTURES[process.arch]);
  if (other) throw new Error(`${other.package} is for ${other.architecture} alone`);
  const root = join(folder, 'release');
  await $`mkdir -p ${root}`;
  const places = placesOf(process.env, PROJECT);
  for (const input of packages) await $`dpkg-deb -x ${await fetchInput(input, places)} ${root}`;
  return root;
}

/** Argv of a program of another release: its own loader starts it, with the libraries beside that. */
export function withLoader(root: string, [program = '', ...args]: readonly string[]): string[] {
  const libraries = join(root, 'usr/lib/x86_64-linux-gnu');
  const loader = join(libraries, 'ld-linux-x86-64.so.2');
  return [loader, '--library-path', libraries, join(root, 'usr/sbin', program), ...args];
}
