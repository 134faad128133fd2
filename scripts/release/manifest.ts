// `manifest.json`: what a release consists of, for programs. release/manifest.schema.json says what it looks like.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { ReleaseFacts } from './package.ts';

/** A file of a release, before it is known how large it is. */
export type Shipped = {
  /** its name in the release */
  readonly name: string;
  readonly kind: 'medium' | 'package' | 'image' | 'npm' | 'sbom' | 'notes';
  /** one line for people */
  readonly summary: string;
};

/** A file of a release. */
export type ManifestFile = Shipped & { readonly bytes: number; readonly sha256: string };

/** All of it, in the order of the names. */
export type Manifest = {
  readonly format: 1;
  readonly name: 'walt';
  readonly version: string;
  /** ISO 8601 */
  readonly date: string;
  readonly files: readonly ManifestFile[];
};

/** Measures the files. @param folder where they are */
export async function manifestOf(
  { version, date }: ReleaseFacts,
  shipped: readonly Shipped[],
  folder: string,
): Promise<Manifest> {
  const files: ManifestFile[] = [];
  for (const file of shipped.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, file.name);
    files.push({ ...file, bytes: (await stat(path)).size, sha256: await sha256Of(path) });
  }
  const day = new Date(date * 1000).toISOString();
  return { format: 1, name: 'walt', version, date: day, files };
}

/** SHA-256 of a file in hex. */
export async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

/** The lines that `sha256sum --check` reads. */
export function sumsText(
  files: readonly { readonly name: string; readonly sha256: string }[],
): string {
  return files.map(({ name, sha256 }) => `${sha256}  ${name}\n`).join('');
}
