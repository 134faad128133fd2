// Writes a tree as a plain folder, where file systems cannot be mounted. GNU tar unpacks an archive that we make of the tree:
// it sets owners, modes, times and attributes, and reads nothing that an image brings.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { WaltError } from '../../../errors.ts';
import { LayerData } from '../layers/layer-data.ts';
import { type Folder, type TreeNode, walk } from '../tree/image-tree.ts';
import { tarEntry, tarPadding } from './tar-writer.ts';

const HOW = [
  ...['--extract', '--file=-', '--numeric-owner', '--same-owner', '--same-permissions'],
  ...['--xattrs', '--xattrs-include=*', '--delay-directory-restore'],
  '--warning=no-timestamp',
];

/**
 * @param options.path a new folder
 * @param options.layers folders of the layers, lowest first
 * @throws {WaltError} with the reason of tar(1)
 */
export async function writeFolder(
  root: Folder,
  { path, layers }: { readonly path: string; readonly layers: readonly string[] },
): Promise<void> {
  await mkdir(path, { mode: 0o700 });
  const data = layers.map((folder) => new LayerData(folder));
  const tar = spawn('tar', [...HOW, '--directory', path], {
    stdio: ['pipe', 'ignore', 'pipe'],
    env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' },
  });
  let complaint = '';
  tar.stderr.on('data', (bytes: Buffer) => {
    complaint = (complaint + bytes.toString()).slice(-2000);
  });
  tar.stdin.on('error', () => undefined);
  const ended = once(tar, 'close') as Promise<[number | null, string | null]>;
  try {
    for await (const bytes of archiveOf(root, data)) {
      if (tar.stdin.destroyed) break;
      if (!tar.stdin.write(bytes)) await Promise.race([once(tar.stdin, 'drain'), ended]);
    }
    tar.stdin.end();
    const [code, signal] = await ended;
    if (code !== 0) {
      throw new WaltError(
        `Cannot write the image to ${path}: tar failed (${code ?? signal}): ${complaint.trim()}`,
      );
    }
  } finally {
    tar.kill('SIGKILL');
    for (const one of data) await one.close();
  }
}

async function* archiveOf(root: Folder, data: readonly LayerData[]): AsyncGenerator<Buffer> {
  const names = new Map<TreeNode, string>();
  yield tarEntry('.', root, undefined);
  for (const [path, node] of walk(root)) {
    const first = names.get(node);
    names.set(node, first ?? path);
    yield tarEntry(path, node, first);
    if (first !== undefined || node.kind !== 'file') continue;
    const { content, size } = node;
    if (content.kind === 'bytes') yield Buffer.from(content.bytes);
    else yield* data[content.layer]?.read(content.offset, size) ?? [];
    yield tarPadding(size);
  }
  yield Buffer.alloc(1024);
}
