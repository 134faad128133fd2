// Lays out the files of a medium, with a version derived from their content: the same files, the same version, on any machine.
import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fetchInput } from '../inputs/fetch.ts';
import type { Build } from './build.ts';
import type { TreeFile, TreeStep } from './step.ts';
import { wrapUBootScript } from './u-boot-script.ts';

type Content = TreeFile & { readonly bytes: Buffer };

export async function writeTree({ files, to }: TreeStep, build: Build): Promise<void> {
  const contents: Content[] = [];
  for (const file of files) contents.push({ ...file, bytes: await read(file, build) });
  const version = versionOf(contents);
  for (const { path, bytes, isVersioned } of contents) {
    const target = join(build.folder, to, path);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, isVersioned ? withVersion(bytes, version) : bytes);
  }
}

async function read({ from }: TreeFile, { folder, artifacts, places }: Build): Promise<Buffer> {
  if ('text' in from) return Buffer.from(from.text);
  if ('artifact' in from) return readFile(join(artifacts, from.artifact));
  if ('input' in from) return readFile(await fetchInput(from.input, places));
  if ('uBootScript' in from) {
    const text = await readFile(join(artifacts, from.uBootScript), 'utf8');
    return wrapUBootScript(text, { architecture: 'arm64', name: basename(from.uBootScript) });
  }
  return readFile(join(folder, from.unpacked));
}

/** Twelve hex digits of a SHA-256 over names, lengths and bytes, taken before the version is filled in. */
export function versionOf(files: readonly { path: string; bytes: Uint8Array }[]): string {
  const hash = createHash('sha256');
  for (const { path, bytes } of files) hash.update(`${path}\0${bytes.length}\0`).update(bytes);
  return hash.digest('hex').slice(0, 12);
}

function withVersion(bytes: Buffer, version: string): string {
  return bytes.toString('utf8').replaceAll('@VERSION@', version);
}
