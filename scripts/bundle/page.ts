// The page that browsers get, bundled: names with the hash of their content, and each file as gzip and brotli too.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, gzip } from 'node:zlib';
import { build } from 'esbuild';
import type { Bundle } from './bundle.ts';

/** Where its files lie, beside the server. */
export const PAGE_FOLDER = 'page';

const shorter = [
  { ending: '.gz', pack: (bytes: Uint8Array) => promisify(gzip)(bytes, { level: 9 }) },
  { ending: '.br', pack: (bytes: Uint8Array) => promisify(brotliCompress)(bytes) },
] as const;

type Made = { readonly name: string; readonly contents: Uint8Array };

/** All of its files. @param root of the project */
export async function pageFiles(root: string): Promise<Bundle[]> {
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints: ['page/main.tsx', 'page/style/page.css'],
    bundle: true,
    write: false,
    minify: true,
    splitting: true,
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    entryNames: '[name]-[hash]',
    chunkNames: 'part-[hash]',
    assetNames: '[name]-[hash]',
    legalComments: 'eof',
    metafile: true,
    preserveSymlinks: true,
    outdir: PAGE_FOLDER,
  });
  const made = outputFiles.map(({ path, contents }) => ({
    name: path.slice(root.length + 1),
    contents,
  }));
  const html = await readFile(join(root, 'page/index.html'), 'utf8');
  const entries = Object.entries(metafile.outputs).map(([path, { entryPoint = '' }]) => ({
    path: `/${path.slice(PAGE_FOLDER.length + 1)}`,
    entryPoint,
  }));
  const named = entries
    .filter(({ entryPoint }) => entryPoint !== '')
    .reduce((text, { path, entryPoint }) => text.replace(`/${entryPoint}`, path), html);
  const index = { name: `${PAGE_FOLDER}/index.html`, contents: Buffer.from(named) };
  return (await Promise.all([index, ...made].map(inAllForms))).flat();
}

async function inAllForms({ name, contents }: Made): Promise<Bundle[]> {
  const packed = shorter.map(async ({ ending, pack }) => ({
    name: `${name}${ending}`,
    contents: await pack(contents),
    isProgram: false,
  }));
  return [{ name, contents, isProgram: false }, ...(await Promise.all(packed))];
}
