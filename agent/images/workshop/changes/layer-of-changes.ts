// From the upper folder of overlayfs, as GNU tar sends it, to a layer of an image. What was removed is a device 0:0 there and a
// file `.wh.NAME` in a layer; a folder that hides the one below has an attribute there and a file `.wh..wh..opq` in a layer
// (Linux, Documentation/filesystems/overlayfs.rst; OCI image specification 1.1, "Image Layer Filesystem Changeset").
import { ImageError } from '../../../errors.ts';
import { shownPath } from '../../content/layers/layer-entry.ts';
import { ByteSource } from '../../content/layers/tar/byte-source.ts';
import type { TarEntry } from '../../content/layers/tar/tar-entry.ts';
import { TarError } from '../../content/layers/tar/tar-error.ts';
import { readTar } from '../../content/layers/tar/tar-reader.ts';
import { tarEntry, tarPadding } from '../../content/roots/tar-writer.ts';
import type { TreeNode } from '../../content/tree/image-tree.ts';

const OVERLAY = /^(trusted|user)\.overlay\.(.*)$/s;
const WHITEOUT = '.wh.';
const OPAQUE = `${WHITEOUT}${WHITEOUT}.opq`;
/** Two blocks of zeros. */
const END = Buffer.alloc(1024);
/** Marks of what has its content in the folder below (features of overlayfs that nodes do not switch on). */
const WITHOUT_CONTENT = ['redirect', 'metacopy'];

/** How much there is in a layer. */
export type Changes = { readonly files: number; readonly removed: number };

/**
 * @param write takes the archive of the layer, in pieces
 * @throws {ImageError} if it is no archive, or no layer can say what it holds
 */
export async function writeLayerOf(
  archive: AsyncIterable<Uint8Array>,
  write: (bytes: Buffer) => Promise<void>,
): Promise<Changes> {
  const counts = { files: 0, removed: 0 };
  let waiting: Buffer[] = [];
  let padding: Buffer = Buffer.alloc(0);
  const flush = async () => {
    const bytes = Buffer.concat(waiting);
    waiting = [];
    if (bytes.length > 0) await write(bytes);
  };
  const enter = (entry: TarEntry) => {
    const made = layerEntry(entry);
    if (made === undefined) return;
    counts[made.kind === 'removed' ? 'removed' : 'files'] += 1;
    waiting.push(padding, ...made.headers);
    padding = tarPadding(entry.kind === 'file' ? entry.size : 0);
  };
  try {
    await readTar(new ByteSource(archive), {
      keep: flush,
      enter,
      content: async (source, { length }) => {
        await flush();
        for (let missing = length; missing > 0; ) {
          const part = await source.takeSome(missing);
          if (part === undefined) throw new TarError('it ends too early');
          await write(part);
          missing -= part.length;
        }
      },
    });
  } catch (cause) {
    if (!(cause instanceof TarError)) throw cause;
    throw new ImageError(`What came from the node is damaged: ${cause.message}`, [], { cause });
  }
  waiting.push(padding, END);
  await flush();
  return counts;
}

type Made = { readonly kind: 'removed' | 'made'; readonly headers: readonly Buffer[] };

/** @returns undefined for the root */
function layerEntry(entry: TarEntry): Made | undefined {
  const path = plain(entry.path);
  if (path === '') return undefined;
  const marks = new Set(Object.keys(entry.xattrs).map((name) => OVERLAY.exec(name)?.[2] ?? ''));
  const name = path.slice(path.lastIndexOf('/') + 1);
  const folder = path.slice(0, path.length - name.length);
  if (name.startsWith(WHITEOUT)) {
    throw new ImageError(
      `Cannot save ${shownPath(path)}: in a layer of an image such a name says that something was removed. Rename it on the node`,
    );
  }
  if (WITHOUT_CONTENT.some((mark) => marks.has(mark))) {
    throw new ImageError(
      `Cannot save ${shownPath(path)}: the node has no content of its own for it`,
    );
  }
  if (isRemoved(entry)) {
    return { kind: 'removed', headers: [emptyFile(`${folder}${WHITEOUT}${name}`)] };
  }
  const node = nodeOf(entry);
  const first = entry.kind === 'hard-link' ? plain(entry.target) : undefined;
  const own = tarEntry(path, node, first);
  const isOpaque = entry.kind === 'folder' && marks.has('opaque');
  return { kind: 'made', headers: isOpaque ? [own, emptyFile(`${path}/${OPAQUE}`)] : [own] };
}

function plain(path: string): string {
  return path.replace(/^(\.\/)+|^\.$/, '').replace(/\/+$/, '');
}

function isRemoved({ kind, major, minor }: TarEntry): boolean {
  return kind === 'character' && major === 0 && minor === 0;
}

function nodeOf(entry: TarEntry): TreeNode {
  const { mode, uid, gid, seconds, nanoseconds, kind } = entry;
  const own = Object.entries(entry.xattrs).filter(([name]) => !OVERLAY.test(name));
  const attributes = { mode, uid, gid, seconds, nanoseconds, xattrs: Object.fromEntries(own) };
  if (kind === 'folder') return { kind, attributes, children: new Map() };
  if (kind === 'link') return { kind, attributes, target: entry.target };
  if (kind === 'fifo') return { kind, attributes };
  if (kind === 'character' || kind === 'block') {
    return { kind, attributes, major: entry.major, minor: entry.minor };
  }
  return fileOf(entry.size, attributes);
}

function fileOf(size: number, attributes: TreeNode['attributes']): TreeNode {
  return { kind: 'file', attributes, size, content: { kind: 'bytes', bytes: Buffer.alloc(0) } };
}

function emptyFile(path: string): Buffer {
  const attributes = { mode: 0, uid: 0, gid: 0, seconds: 0, nanoseconds: 0, xattrs: {} };
  return tarEntry(path, fileOf(0, attributes), undefined);
}
