// Finds a path of a tree as the node itself would see it: links are followed inside the image only.
import { emptyFolder, type Folder, type TreeNode } from './image-tree.ts';

/** What a path leads to. */
export type Found =
  | { readonly kind: 'found'; readonly path: string; readonly node: TreeNode }
  /** there is nothing; `path` is where it would be */
  | { readonly kind: 'missing'; readonly path: string }
  | { readonly kind: 'refused'; readonly reason: string };

/** Where a name is, or would be made. */
export type Place = { readonly folder: Folder; readonly path: string; readonly name: string };

const MOST_LINKS = 40;
/** Of names and paths, bytes: what file systems can have. */
const LONGEST_NAME = 255;
const LONGEST_PATH = 4095;

/** Parts of a path, without those that change nothing. */
export function partsOf(path: string): string[] {
  return path.split('/').filter((part) => part !== '' && part !== '.');
}

type Walk = { done: string[]; trail: Folder[]; parts: string[]; links: number };

/** Follows all links of `path`, the last part's too. */
export function find(root: Folder, path: string): Found {
  const walk: Walk = { done: [], trail: [root], parts: partsOf(path), links: 0 };
  for (let part = walk.parts.shift(); part !== undefined; part = walk.parts.shift()) {
    const stepped = step(part, walk);
    if (stepped.kind === 'refused') return stepped;
    if (stepped.kind === 'on') continue;
    const { node } = stepped;
    if (node === undefined) return missing([...walk.done, part], walk.parts);
    walk.done.push(part);
    const full = walk.done.join('/');
    if (walk.parts.length === 0) return { kind: 'found', path: full, node };
    return missing(walk.done, walk.parts);
  }
  return { kind: 'found', path: walk.done.join('/'), node: folderOf(walk) };
}

type Step =
  | { readonly kind: 'on' }
  | { readonly kind: 'end'; readonly node: TreeNode | undefined }
  | { readonly kind: 'refused'; readonly reason: string };

/** One part: a folder is entered, a link's target comes next; anything else ends the way. */
function step(part: string, walk: Walk): Step {
  if (part === '..') {
    if (walk.done.pop() === undefined) {
      return { kind: 'refused', reason: 'a link leads out of the image' };
    }
    walk.trail.pop();
    return { kind: 'on' };
  }
  if (part.length > LONGEST_NAME) {
    return { kind: 'refused', reason: 'a link leads to a name that is too long' };
  }
  const node = folderOf(walk).children.get(part);
  if (node?.kind === 'folder') {
    walk.done.push(part);
    walk.trail.push(node);
    return { kind: 'on' };
  }
  if (node?.kind !== 'link') return { kind: 'end', node };
  walk.links += 1;
  if (walk.links > MOST_LINKS) return { kind: 'refused', reason: 'links go round in circles' };
  if (node.target.startsWith('/')) {
    walk.done = [];
    walk.trail.length = 1;
  }
  walk.parts.unshift(...partsOf(node.target));
  return { kind: 'on' };
}

function missing(done: readonly string[], rest: readonly string[]): Found {
  if (rest.includes('..')) return { kind: 'refused', reason: 'a link leads nowhere' };
  return { kind: 'missing', path: [...done, ...rest].join('/') };
}

function folderOf({ trail }: Walk): Folder {
  return trail.at(-1) as Folder;
}

/**
 * The place of a path whose last part is not followed; folders on the way are made.
 * @param options.replace called for something else that stands where a folder has to be: says whether it gives way
 * @returns undefined for the root itself
 * @throws {Error} by `fail` if links lead out of the image or round in circles
 */
export function placeOf(
  root: Folder,
  path: string,
  {
    fail,
    replace,
  }: {
    readonly fail: (reason: string) => Error;
    readonly replace: (path: string) => boolean;
  },
): Place | undefined {
  const parts = partsOf(path);
  const name = parts.pop();
  if (name === undefined) return undefined;
  const walk: Walk = { done: [], trail: [root], parts, links: 0 };
  for (let part = walk.parts.shift(); part !== undefined; part = walk.parts.shift()) {
    const stepped = step(part, walk);
    if (stepped.kind === 'refused') throw fail(stepped.reason);
    if (stepped.kind === 'on') continue;
    const full = [...walk.done, part].join('/');
    if (stepped.node !== undefined && !replace(full)) throw fail(`/${full} is no folder`);
    const made = emptyFolder();
    folderOf(walk).children.set(part, made);
    walk.done.push(part);
    walk.trail.push(made);
  }
  const full = [...walk.done, name].join('/');
  if (full.length > LONGEST_PATH) throw fail('links make it too long');
  return { folder: folderOf(walk), path: full, name };
}

/** Puts a node at a path without links, in a folder that is there. */
export function putAt(root: Folder, path: string, node: TreeNode): void {
  const slash = path.lastIndexOf('/');
  const found = find(root, path.slice(0, Math.max(0, slash)));
  if (found.kind !== 'found' || found.node.kind !== 'folder') {
    throw new RangeError(`Cannot put a file at /${path}: its folder is not there`);
  }
  found.node.children.set(path.slice(slash + 1), node);
}
