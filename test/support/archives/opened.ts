// Writes archives, and opens them as the server does.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import type { Manifest } from '../../../agent/images/content/descriptor.ts';
import { openArchive } from '../../../agent/images/sources/archive/open-archive.ts';
import { type Entry, tar } from '../images/tar.ts';
import { temporaryFolder } from '../temporary-folder.ts';

/** @returns path of the file */
export async function writeArchive(t: ExecutionContext, bytes: Uint8Array) {
  const folder = await temporaryFolder(t);
  const path = join(folder, 'image.tar');
  await writeFile(path, bytes);
  return path;
}

type Asked = { readonly name?: string; readonly model?: string };

export async function open(t: ExecutionContext, path: string, { name, model }: Asked = {}) {
  const work = await temporaryFolder(t);
  const archive = await openArchive(path, {
    work,
    ...(name === undefined ? {} : { name }),
    ...(model === undefined ? {} : { wanted: { model } }),
  });
  const manifest = JSON.parse(Buffer.from(archive.source.manifest).toString()) as Manifest;
  return { ...archive, manifest };
}

export async function openEntries(
  t: ExecutionContext,
  entries: readonly Entry[],
  asked: Asked = {},
) {
  return await open(t, await writeArchive(t, tar(entries)), asked);
}
