// Lays the node side over an image: walt-init and its keepers, the server's key, and what nodes are told of the image.
import { lstat, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { ImageError } from '../../../errors.ts';
import type { ImageFiles } from '../files/image-files.ts';
import { find, placeOf } from '../tree/find.ts';
import {
  emptyFolder,
  type Folder,
  OWN_ATTRIBUTES,
  ownFile,
  type TreeNode,
  walk,
} from '../tree/image-tree.ts';
import { CAPABILITIES_LIST, type CapableFile, capabilitiesList } from './capabilities-list.ts';
import { overlayFiles } from './overlay-version.ts';

/** What walt-init, or the initrd before it, mounts on: the image is read-only by then. */
const MOUNT_POINTS = ['dev', 'proc', 'run', 'sys'] as const;
const CAPABILITY = 'security.capability';

type Options = {
  readonly overlay: string;
  /** line for /root/.ssh/authorized_keys */
  readonly publicKey: string;
  /** content of the files of the tree */
  readonly files: ImageFiles;
};

/**
 * Puts every file of `overlay` at its place, and lets the server in over ssh. The image's own links to folders are honoured
 * (`/bin` may be a link to `usr/bin`), but never out of the image. What else has the place of one of our files, of a folder to
 * mount on or of the folder of the key gives way.
 * @throws {ImageError} if `/bin`, or another folder of the overlay, is none in the image or leads out of it
 */
export async function layOverlay(
  root: Folder,
  { overlay, publicKey, files }: Options,
): Promise<void> {
  for (const path of await overlayFiles(overlay)) {
    put(root, Buffer.from(path).toString('latin1'), await nodeOf(join(overlay, path)));
  }
  // Also where it is empty: a list that an image brings is not to be believed.
  put(root, CAPABILITIES_LIST, ownFile(Buffer.from(capabilitiesList(capableFiles(root))), 0o644));
  for (const name of MOUNT_POINTS) ownFolder(root, { path: name, parent: root, mode: 0o755 });
  await authorize(root, { publicKey, files });
}

/** The same on every machine: of the file here only the content counts, and whether it is a program. */
async function nodeOf(source: string): Promise<TreeNode> {
  const status = await lstat(source);
  if (status.isSymbolicLink()) {
    const target = (await readlink(source, 'buffer')).toString('latin1');
    return { kind: 'link', attributes: OWN_ATTRIBUTES, target };
  }
  return ownFile(await readFile(source), (status.mode & 0o111) === 0 ? 0o644 : 0o755);
}

function put(root: Folder, path: string, node: TreeNode): void {
  const shown = path.slice(0, path.lastIndexOf('/'));
  const place = placeOf(root, path, {
    fail: (reason) =>
      new ImageError(
        `/${shown} of this image has to be a folder, since nodes find programs of the server there: ${reason}`,
      ),
    replace: () => false,
  });
  place?.folder.children.set(place.name, node);
}

function capableFiles(root: Folder): CapableFile[] {
  return [...walk(root)].flatMap(([path, { kind, attributes }]) => {
    const value = attributes.xattrs[CAPABILITY];
    if (kind !== 'file' || value === undefined) return [];
    return [{ path: Buffer.from(path, 'latin1'), value: Buffer.from(value, 'latin1') }];
  });
}

async function authorize(
  root: Folder,
  { publicKey, files }: Pick<Options, 'publicKey' | 'files'>,
): Promise<void> {
  const home = ownFolder(root, { path: 'root', parent: root, mode: 0o700 });
  const ssh = ownFolder(root, { path: 'root/.ssh', parent: home, mode: 0o700 });
  // sshd wants nobody else to be able to write there.
  ssh.attributes = { ...ssh.attributes, mode: 0o700 };
  const key = publicKey.trim();
  const isFile = ssh.children.get('authorized_keys')?.kind === 'file';
  const text = isFile ? await files.textOf('root/.ssh/authorized_keys') : undefined;
  const lines = (text ?? '').split('\n');
  const others = lines.filter((line) => line.trim() !== '' && line.trim() !== key);
  const bytes = Buffer.from(`${[...others, key].join('\n')}\n`, 'latin1');
  ssh.children.set('authorized_keys', ownFile(bytes, 0o600));
}

/** What is no folder there, or leads out of the image, gives way. @param options.parent the folder that holds it by its name */
function ownFolder(
  root: Folder,
  options: { readonly path: string; readonly parent: Folder; readonly mode: number },
): Folder {
  const { path, parent, mode } = options;
  const found = find(root, path);
  if (found.kind === 'found' && found.node.kind === 'folder') return found.node;
  const made = emptyFolder({ ...OWN_ATTRIBUTES, mode });
  parent.children.set(path.slice(path.lastIndexOf('/') + 1), made);
  return made;
}
