/**
 * An image that boots a PC as the default image does, and has nothing to start afterwards: where many boots are measured, or an
 * emulated one has a minute at most. Kernel, initrd and busybox are those of the default image.
 */
import { chmod, mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { succeed } from '../programs/run-program.ts';

const BOOT = 'boot/pc-x86-64';
const BUSYBOX = 'usr/bin/busybox';
/** A node says that it is up once something answers as an ssh server does. */
const PROGRAMS = {
  'bin/greet': '#!/bin/busybox sh\necho SSH-2.0-none\n',
  'sbin/init': '#!/bin/busybox sh\nwhile :; do /bin/busybox nc -l -p 22 -e /bin/greet; done\n',
};

/**
 * Makes the image of the default image's archive.
 * @param folder keeps it, and is made. @returns path of its OCI layout
 * @throws {Error} with what a program said, where the archive is none or has no such files
 */
export async function makeQuickImage(archive: string, folder: string): Promise<string> {
  const layout = join(folder, 'layout');
  const bundle = join(folder, 'bundle');
  const from = join(folder, 'default');
  await mkdir(from, { recursive: true });
  const image = `${layout}:image`;
  await umoci('init', '--layout', layout);
  await umoci('new', '--image', image);
  await umoci('config', '--image', image, '--config.label', 'walt.node.models=pc-x86-64');
  await umoci('config', '--image', image, '--architecture', 'amd64');
  await umoci('unpack', '--image', image, bundle);
  await succeed(['tar', '-xf', archive, '-C', from]);
  await fill(join(bundle, 'rootfs'), await largestOf(join(from, 'blobs/sha256')));
  await rm(from, { recursive: true });
  await umoci('repack', '--image', image, bundle);
  return layout;
}

/** @param layer of the default image, which has one */
async function fill(root: string, layer: string): Promise<void> {
  await succeed(['tar', '-xzf', layer, '-C', root, `./${BOOT}`, `./${BUSYBOX}`]);
  for (const name of ['bin', 'sbin', 'etc']) await mkdir(join(root, name));
  await rename(join(root, BUSYBOX), join(root, 'bin/busybox'));
  for (const [name, text] of Object.entries(PROGRAMS)) {
    await writeFile(join(root, name), text);
    await chmod(join(root, name), 0o755);
  }
}

async function largestOf(folder: string): Promise<string> {
  let [largest, size] = ['', 0];
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const { size: its } = await stat(path);
    if (its > size) [largest, size] = [path, its];
  }
  return largest;
}

async function umoci(...args: string[]): Promise<void> {
  await succeed(['umoci', ...args]);
}
