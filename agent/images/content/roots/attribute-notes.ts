// What of an image's extended attributes does not reach its nodes, for NFS does not carry them.
import type { ImageFiles } from '../files/image-files.ts';
import type { TemplateNote } from '../templates/fill.ts';
import { type Folder, type TreeNode, walk } from '../tree/image-tree.ts';

const CAPABILITY = 'security.capability';
const MOST_NAMED = 3;

/** Programs with which nodes give files their capabilities back (`walt-restore-capabilities`). */
const RESTORERS = ['setfattr', 'python3', 'perl', 'setcap'];
const PROGRAM_FOLDERS = ['usr/local/sbin', 'usr/local/bin', 'usr/sbin', 'usr/bin', 'sbin', 'bin'];

/** One sentence for each kind of attribute. @param files of the tree */
export function attributeNotes(root: Folder, files: Pick<ImageFiles, 'hasFile'>): TemplateNote[] {
  const paths = new Map<string, string[]>();
  const note = (path: string, { attributes }: TreeNode) => {
    for (const name of Object.keys(attributes.xattrs)) {
      const list = paths.get(name) ?? [];
      list.push(path);
      paths.set(name, list);
    }
  };
  note('', root);
  for (const [path, node] of walk(root)) note(path, node);
  const canRestore = RESTORERS.some((program) =>
    PROGRAM_FOLDERS.some((folder) => files.hasFile(`${folder}/${program}`)),
  );
  return [...paths]
    .filter(([name]) => name !== CAPABILITY || !canRestore)
    .map(([name, found]) => sentence(name, found));
}

function sentence(name: string, paths: readonly string[]): TemplateNote {
  const shown = paths
    .slice(0, MOST_NAMED)
    .map((path) => `/${Buffer.from(path, 'latin1').toString()}`);
  const more = paths.length > MOST_NAMED ? ` and ${paths.length - MOST_NAMED} more` : '';
  const where = `of ${shown.join(', ')}${more}`;
  if (name !== CAPABILITY)
    return warning(
      `extended attribute ${name} ${where} does not reach nodes: NFS does not carry it`,
    );
  return warning(
    `file capabilities ${where} do not reach nodes: the image has none of ${RESTORERS.join(', ')}, with which nodes could set them`,
  );
}

function warning(text: string): TemplateNote {
  return { kind: 'warning', text };
}
