// Real OCI images in which a shell runs.
import { cp, mkdir, rm, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { runProgram } from '../../../lab/programs/run-program.ts';
import { fetchInput, placesOf } from '../../../scripts/inputs/fetch.ts';
import { inputs } from '../../../scripts/inputs/sources.ts';
import { makeTinyImage } from './tiny-image.ts';

const APPLETS = ['sh', 'rm', 'cat', 'ls', 'false', 'mkdir', 'uname'];
const ROOT = join(import.meta.dirname, '../../..');

/** This machine's busybox with the libraries it needs. @returns the OCI layout folder */
export async function makeShellImage(folder: string): Promise<string> {
  const layout = await makeTinyImage(folder, {});
  const { said } = await runProgram(['sh', '-c', 'ldd /bin/busybox || true']);
  const libraries = [...said.matchAll(/(\/\S+\.so\S*)/g)].map(([, path = '']) => path);
  return await addShell({ folder, layout }, libraries);
}

/** Busybox for arm64, for a model with that processor. @returns the OCI layout folder */
export async function makeArmShellImage(folder: string): Promise<string> {
  const labels = { 'walt.node.models': 'qemu-arm64' };
  const boot = ['start.uboot', 'kernel', 'initrd'].map((file) => `boot/qemu-arm64/${file}`);
  const files = ['bin/busybox', 'sbin/init', ...boot];
  const layout = await makeTinyImage(folder, { labels, files, architecture: 'arm64' });
  return await addShell({ folder, layout }, [], await armBusybox(join(folder, 'unpacked')));
}

/** @returns path of a busybox for arm64 that needs no library */
export async function armBusybox(folder: string): Promise<string> {
  const archive = await fetchInput(inputs.busyboxArm64, placesOf(process.env, ROOT));
  await run(['dpkg-deb', '-x', archive, folder]);
  return join(folder, 'bin/busybox');
}

async function addShell(
  { folder, layout }: { readonly folder: string; readonly layout: string },
  libraries: readonly string[],
  busybox = '/bin/busybox',
): Promise<string> {
  const rootfs = join(folder, 'bundle', 'rootfs');
  await rm(join(rootfs, 'bin/busybox'));
  await cp(busybox, join(rootfs, 'bin/busybox'), { dereference: true });
  for (const path of libraries) {
    await mkdir(dirname(join(rootfs, path)), { recursive: true });
    await cp(path, join(rootfs, path), { dereference: true });
  }
  for (const applet of APPLETS) await symlink('busybox', join(rootfs, 'bin', applet));
  await mkdir(join(rootfs, 'etc'), { recursive: true });
  await symlink('../../../../../..', join(rootfs, 'outside'));
  await run(['umoci', 'repack', '--image', `${layout}:image`, join(folder, 'bundle')]);
  return layout;
}

async function run(argv: readonly string[]): Promise<void> {
  const { code, said } = await runProgram(argv);
  if (code !== 0) throw new Error(`${argv.join(' ')} failed: ${said}`);
}
