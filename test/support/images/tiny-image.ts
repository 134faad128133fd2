// A real OCI image, as small as one can be that boots a node as far as the server can tell.
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { succeed } from '../../../lab/programs/run-program.ts';

const WHOLE = [
  'bin/busybox',
  'sbin/init',
  'boot/pc-x86-64/start.ipxe',
  'boot/pc-x86-64/kernel',
  'boot/pc-x86-64/initrd',
];

/** @returns the OCI layout folder */
export async function makeTinyImage(
  folder: string,
  {
    name,
    files = WHOLE,
    labels = {},
    architecture = 'amd64',
    contents = {},
  }: {
    readonly name?: string;
    readonly files?: readonly string[];
    readonly labels?: Readonly<Record<string, string>>;
    /** as OCI images name it */
    readonly architecture?: string;
    /** of files that are to be more than their own name */
    readonly contents?: Readonly<Record<string, string | Uint8Array>>;
  },
): Promise<string> {
  const layout = join(folder, 'layout');
  const bundle = join(folder, 'bundle');
  const image = `${layout}:${name ?? 'image'}`;
  await mkdir(folder, { recursive: true });
  await umoci('init', '--layout', layout);
  await umoci('new', '--image', image);
  for (const [label, value] of Object.entries({ 'walt.node.models': 'pc-x86-64', ...labels })) {
    await umoci('config', '--image', image, '--config.label', `${label}=${value}`);
  }
  await umoci('config', '--image', image, '--architecture', architecture);
  await umoci('unpack', '--image', image, bundle);
  for (const file of files) {
    const path = join(bundle, 'rootfs', file);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, contents[file] ?? (file.endsWith('.ipxe') ? '#!ipxe\n' : file));
  }
  await umoci('repack', '--image', image, bundle);
  return layout;
}

async function umoci(...args: string[]): Promise<void> {
  await succeed(['umoci', ...args]);
}
