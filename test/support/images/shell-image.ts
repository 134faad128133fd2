// A real OCI image in which a shell runs: this machine's busybox with the libraries it needs.
import { cp, mkdir, rm, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { runProgram } from '../process/run-program.ts';
import { makeTinyImage } from './tiny-image.ts';

const APPLETS = ['sh', 'rm', 'cat', 'ls', 'false', 'mkdir'];

/** @returns the OCI layout folder */
export async function makeShellImage(folder: string): Promise<string> {
  const layout = await makeTinyImage(folder, {});
  const rootfs = join(folder, 'bundle', 'rootfs');
  await rm(join(rootfs, 'bin/busybox'));
  const { said } = await runProgram(['sh', '-c', 'ldd /bin/busybox || true']);
  const libraries = [...said.matchAll(/(\/\S+\.so\S*)/g)].map(([, path = '']) => path);
  for (const path of ['/bin/busybox', ...libraries]) {
    await mkdir(dirname(join(rootfs, path)), { recursive: true });
    await cp(path, join(rootfs, path), { dereference: true });
  }
  for (const applet of APPLETS) await symlink('busybox', join(rootfs, 'bin', applet));
  await mkdir(join(rootfs, 'etc'), { recursive: true });
  await symlink('../../../../../..', join(rootfs, 'outside'));
  const { code, said: complaint } = await runProgram([
    'umoci',
    'repack',
    '--image',
    `${layout}:image`,
    join(folder, 'bundle'),
  ]);
  if (code !== 0) throw new Error(`umoci repack failed: ${complaint}`);
  return layout;
}
