// The Node.js that a server's package brings along, and packages of npm with a native part: terminals, calls of Linux.
import { access, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fetchInput, type Places } from '../inputs/fetch.ts';
import type { NpmInput } from '../inputs/input.ts';
import { inputs } from '../inputs/sources.ts';
import { $ } from '../run.ts';
import type { Architecture } from './package.ts';

/** A package of npm, and where its native part is in it. */
type Native = { readonly input: NpmInput; readonly binary: string };

/** What each architecture needs: packages of npm, and binutils' program that takes symbols off. */
export const RUNTIMES = {
  amd64: {
    node: inputs.nodeAmd64,
    natives: [
      { input: inputs.nodePtyAmd64, binary: 'pty.node' },
      { input: inputs.koffiAmd64, binary: 'linux_x64/koffi.node' },
    ],
    strip: 'x86_64-linux-gnu-strip',
  },
  arm64: {
    node: inputs.nodeArm64,
    natives: [
      { input: inputs.nodePtyArm64, binary: 'pty.node' },
      { input: inputs.koffiArm64, binary: 'linux_arm64/koffi.node' },
    ],
    strip: 'aarch64-linux-gnu-strip',
  },
} as const satisfies Record<
  Architecture,
  { readonly node: NpmInput; readonly natives: readonly Native[]; readonly strip: string }
>;

/** The packages of npm that load those parts, the same for every processor. */
export const LOADERS: readonly NpmInput[] = [inputs.nodePty, inputs.koffi];

/** Whether a file of such a package is shipped: what runs on Debian, and the licence. */
export function isShipped(path: string): boolean {
  const isOfOthers = /\/(vendor|doc|musl_[^/]*)\//.test(path);
  return !isOfOthers && /\.(js|json|node)$|\/LICENSE(\.txt)?$/.test(path);
}

/** Folders with what was unpacked. */
export type Runtime = {
  /** has bin/node and LICENSE */
  readonly node: string;
  /** packages of npm by their names */
  readonly packages: ReadonlyMap<string, string>;
};

/** @throws {Error} where binutils for this architecture are missing: the same release has the same bytes everywhere */
export async function unpackRuntime(
  architecture: Architecture,
  { places, to }: { readonly places: Places; readonly to: string },
): Promise<Runtime> {
  const { node, natives, strip } = RUNTIMES[architecture];
  const folder = await unpack(node, { places, to });
  await checkProgram(strip, architecture);
  await $`${strip} --strip-all ${join(folder, 'bin/node')}`;
  const packages = new Map<string, string>();
  for (const input of [...LOADERS, ...natives.map((native) => native.input)]) {
    packages.set(input.package, await unpack(input, { places, to }));
  }
  for (const { input, binary } of natives) {
    await $`${strip} --strip-unneeded ${join(to, input.package, binary)}`;
  }
  return { node: folder, packages };
}

async function unpack(
  input: NpmInput,
  { places, to }: { readonly places: Places; readonly to: string },
): Promise<string> {
  const folder = join(to, input.package);
  await mkdir(folder, { recursive: true });
  const archive = await fetchInput(input, places);
  await $`tar -xzf ${archive} -C ${folder} --strip-components=1 --no-same-owner`;
  return folder;
}

async function checkProgram(strip: string, architecture: Architecture): Promise<void> {
  await access(join('/usr/bin', strip)).catch(() => {
    const name = `binutils-${strip.replace(/-strip$/, '').replace('_', '-')}`;
    throw new Error(
      `Cannot build walt-server for ${architecture}: ${strip} is missing. Install Debian package ${name}.`,
    );
  });
}
