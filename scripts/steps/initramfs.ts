// Packs an initramfs: given files, and the chosen modules of a kernel with all they need. The same inputs, the same bytes.
import { chmod, cp, mkdir, readdir, readFile, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { settleCpio } from '../archive/cpio-headers.ts';
import { chooseModules, parseModulesDep } from '../images/boot/kernel-modules.ts';
import type { Build } from './build.ts';
import { SOURCE_DATE } from './source-date.ts';
import type { InitramfsStep } from './step.ts';

/** Collects files, programs and modules in a folder beside the output, and packs that folder as cpio with gzip. */
export async function writeInitramfs(step: InitramfsStep, build: Build): Promise<void> {
  const { folder, artifacts, $ } = build;
  const root = join(folder, `${step.to}.root`);
  for (const { path, from } of step.files) {
    const source =
      'artifact' in from ? join(artifacts, from.artifact) : join(folder, from.unpacked);
    await mkdir(dirname(join(root, path)), { recursive: true });
    await cp(source, join(root, path), { recursive: true, dereference: true });
  }
  for (const path of step.programs) await chmod(join(root, path), 0o755);
  await addModules(root, step, build);
  const modes = 'u=rwX,go=rX';
  await $`chmod -R ${modes} ${root}`;
  await $`find ${root} -exec touch -h -d @${SOURCE_DATE} {} +`;
  const archive = join(folder, `${step.to}.cpio`);
  await $`cd ${root} && find . -print0 | sort -z | cpio --null --create --format=newc --owner=0:0 --reproducible --quiet > ${archive}`;
  await settleCpio(archive);
  await $`gzip -9n < ${archive} > ${join(folder, step.to)}`;
}

async function addModules(root: string, step: InitramfsStep, { folder, $ }: Build): Promise<void> {
  const kernel = join(folder, step.kernel);
  const [version = ''] = await readdir(join(kernel, 'lib/modules'));
  const depmod = join(folder, 'depmod');
  await symlink(join(folder, step.kmod), depmod);
  await $`${depmod} -b ${kernel} ${version}`;
  const from = join(kernel, 'lib/modules', version);
  const to = join(root, 'lib/modules', version);
  const known = parseModulesDep(await readFile(join(from, 'modules.dep'), 'utf8'));
  const lists = ['modules.builtin', 'modules.order', 'modules.builtin.modinfo'];
  for (const path of [
    ...chooseModules(known, { metapackage: step.kernel, ...step.modules }),
    ...lists,
  ]) {
    await mkdir(dirname(join(to, path)), { recursive: true });
    await cp(join(from, path), join(to, path));
  }
  await $`${depmod} -b ${root} ${version}`;
}
