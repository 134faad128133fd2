// Finds a path of an image as the node itself would see it: links are followed inside the image only.
import type { Stats } from 'node:fs';
import { lstat, readlink } from 'node:fs/promises';
import { join } from 'node:path';

export type InsideResult =
  | { readonly kind: 'file'; readonly path: string; readonly size: number }
  | { readonly kind: 'not-found' }
  | { readonly kind: 'refused'; readonly reason: string };

type Walk =
  | { readonly kind: 'found'; readonly path: string; readonly status: Stats }
  | { readonly kind: 'missing'; readonly path: string }
  | { readonly kind: 'refused'; readonly reason: string };

const MOST_LINKS = 40;

/** The regular file at `path` (relative, `/` between parts) below `root`. */
export async function resolveInside(root: string, path: string): Promise<InsideResult> {
  const walk = await walkInside(root, path);
  if (walk.kind === 'refused') return walk;
  if (walk.kind === 'missing' || !walk.status.isFile()) return { kind: 'not-found' };
  return { kind: 'file', path: walk.path, size: walk.status.size };
}

/** Where a folder is, or would have to be made; undefined if its links lead out or it is no folder. */
export async function resolveFolderInside(root: string, path: string): Promise<string | undefined> {
  const walk = await walkInside(root, path);
  if (walk.kind === 'refused') return undefined;
  if (walk.kind === 'found' && !walk.status.isDirectory()) return undefined;
  return walk.path;
}

/**
 * Walks from `root` part by part. An absolute link starts again at `root`, as it does for a system whose root
 * that is; what climbs above `root` is refused.
 */
async function walkInside(root: string, path: string): Promise<Walk> {
  let parts = split(path);
  let done: string[] = [];
  let links = 0;
  while (parts.length > 0) {
    const [part = '', ...rest] = parts;
    parts = rest;
    if (part === '..') {
      if (done.length === 0) return { kind: 'refused', reason: 'a link leads out of the image' };
      done = done.slice(0, -1);
      continue;
    }
    const full = join(root, ...done, part);
    const found = await lstatOrNothing(full);
    if (found === undefined) return missing(full, parts);
    if (found.isSymbolicLink()) {
      links += 1;
      if (links > MOST_LINKS) return { kind: 'refused', reason: 'links go round in circles' };
      const target = await readlink(full);
      if (target.startsWith('/')) done = [];
      parts = [...split(target), ...parts];
      continue;
    }
    done = [...done, part];
  }
  return { kind: 'found', path: join(root, ...done), status: await lstat(join(root, ...done)) };
}

function missing(full: string, rest: readonly string[]): Walk {
  if (rest.includes('..')) return { kind: 'refused', reason: 'a link leads nowhere' };
  return { kind: 'missing', path: join(full, ...rest) };
}

function split(path: string): string[] {
  return path.split('/').filter((part) => part !== '' && part !== '.');
}

async function lstatOrNothing(path: string): Promise<Stats | undefined> {
  try {
    return await lstat(path);
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ENAMETOOLONG') return undefined;
    throw thrown;
  }
}
