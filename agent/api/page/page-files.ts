// The files of the page, all in memory: what a request asks for never names a file of the disk.
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';

/** One file of the page. */
export type PageFile = {
  /** media type */
  readonly type: string;
  readonly etag: string;
  /** as it is, and by the names of encodings in HTTP */
  readonly forms: Readonly<Record<Form, Buffer>>;
};
type Form = 'identity' | 'gzip' | 'br';

/** Its files by their names; `index.html` is one. */
export type PageFiles = ReadonlyMap<string, PageFile>;

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Reads a folder as scripts/bundle/page.ts makes it. Empty where there is none. */
export async function readPage(folder: string): Promise<PageFiles> {
  const names = await readdir(folder).catch(() => []);
  const known = names.filter((name) => extname(name) in TYPES);
  return new Map(
    await Promise.all(
      known.map(async (name) => [name, await readOne(join(folder, name))] as const),
    ),
  );
}

async function readOne(path: string): Promise<PageFile> {
  const identity = await readFile(path);
  const [gzip, br] = await Promise.all([readFile(`${path}.gz`), readFile(`${path}.br`)]);
  const hash = createHash('sha256').update(identity).digest('base64url').slice(0, 22);
  return { type: TYPES[extname(path)] ?? '', etag: hash, forms: { identity, gzip, br } };
}

/** The best form that a browser takes, by its header `accept-encoding`. */
export function formOf(accepted: string | undefined): Form {
  const names = (accepted ?? '')
    .split(',')
    .filter((part) => !/;\s*q=0(\.0*)?\s*$/.test(part))
    .map((part) => part.split(';', 1)[0]?.trim().toLowerCase());
  return (['br', 'gzip'] as const).find((name) => names.includes(name)) ?? 'identity';
}
