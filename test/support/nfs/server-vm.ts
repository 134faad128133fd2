// Builds the disk and the initrd of a small Debian machine whose kernel is an NFS server: unpacked packages without
// an init system, kept in the cache by what they are made from.
import { chmod, cp, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chooseModules, parseModulesDep } from '../../../scripts/images/boot/kernel-modules.ts';
import { debianSources } from '../../../scripts/images/debian/debian-mirror.ts';
import { $ } from '../../../scripts/run.ts';
import { cachedFolder } from '../cached-folder.ts';

const SUITE = 'bookworm';
const PACKAGES = [
  ...[
    'linux-image-cloud-amd64',
    'kmod',
    'busybox-static',
    'bash',
    'dash',
    'base-files',
    'coreutils',
    'grep',
    'sed',
    'mount',
  ],
  ...['util-linux', 'iproute2', 'dpkg', 'sysvinit-utils', 'init-system-helpers', 'netbase'],
  ...['nfs-kernel-server', 'nfs-common', 'rpcbind', 'libstdc++6', 'libatomic1', 'procps'],
];
/** The way to the disk; its file system is built into this kernel. */
const MODULES = ['virtio_pci', 'virtio_blk'];
/** Unpacked packages have no users yet: rpcbind and statd want theirs. */
const USERS = ['root:x:0:0::/root:/bin/sh', '_rpc:x:101:65534::/run/rpcbind:/bin/false'];
const STATD = 'statd:x:102:65534::/var/lib/nfs:/bin/false';

const PROJECT = fileURLToPath(new URL('../../..', import.meta.url));

/** What QEMU starts. The disk must not be written to: others use it too. */
export type ServerVm = { readonly kernel: string; readonly initrd: string; readonly disk: string };

/** Builds what is not in the cache; the initrd, which carries this project's files, goes to `folder`. */
export async function buildServerVm(folder: string): Promise<ServerVm> {
  const base = await cachedBase();
  const initrd = join(folder, 'initrd');
  await makeInitrd(initrd, base);
  return { kernel: join(base, 'kernel'), initrd, disk: join(base, 'disk') };
}

async function cachedBase(): Promise<string> {
  const recipe = await readFile(fileURLToPath(import.meta.url), 'utf8');
  return await cachedFolder('nfs-server-vm', {
    recipe: recipe + process.version,
    build: buildBase,
  });
}

async function buildBase(base: string): Promise<void> {
  const root = join(base, 'root');
  const exclude = '--dpkgopt=path-exclude=/usr/share/{doc,man,locale}/*';
  await $`mmdebstrap --mode=root --variant=extract ${exclude} --include=${PACKAGES.join(',')} ${SUITE} ${root} ${await debianSources(SUITE)}`;
  const [version = ''] = await readdir(join(root, 'lib/modules'));
  await $`depmod -b ${root} ${version}`;
  await writeFile(join(root, 'etc/passwd'), [...USERS, STATD, ''].join('\n'));
  await writeFile(join(root, 'etc/group'), 'root:x:0:\nnogroup:x:65534:\n');
  await $`cp ${join(root, 'usr/share/nfs-kernel-server/conffiles/nfs-kernel-server.default')} ${join(root, 'etc/default/nfs-kernel-server')}`;
  await cp(process.execPath, join(root, 'usr/bin/node'));
  await rename(join(root, 'boot', `vmlinuz-${version}`), join(base, 'kernel'));
  await copyForInitrd(base, { root, version });
  await $`mke2fs -q -t ext4 -d ${root} ${join(base, 'disk')} 1500M`;
  await rm(root, { recursive: true });
}

/** Busybox and the modules that lead to the disk. */
async function copyForInitrd(
  base: string,
  { root, version }: { readonly root: string; readonly version: string },
): Promise<void> {
  const folder = join('lib/modules', version);
  const known = parseModulesDep(await readFile(join(root, folder, 'modules.dep'), 'utf8'));
  const chosen = chooseModules(known, {
    metapackage: '',
    initrdModules: MODULES,
    initrdLeavesOut: [],
  });
  const lists = ['modules.builtin', 'modules.order', 'modules.builtin.modinfo'];
  for (const path of [...chosen, ...lists]) {
    await cp(join(root, folder, path), join(base, 'initrd', folder, path));
  }
  await cp(join(root, 'bin/busybox'), join(base, 'initrd/bin/busybox'));
  await $`depmod -b ${join(base, 'initrd')} ${version}`;
}

async function makeInitrd(output: string, base: string): Promise<void> {
  const scratch = await mkdtemp(join(tmpdir(), 'walt-initrd-'));
  await cp(join(base, 'initrd'), scratch, { recursive: true });
  for (const path of ['agent', 'package.json', 'test/support/nfs']) {
    await cp(join(PROJECT, path), join(scratch, 'walt', path), { recursive: true });
  }
  await cp(join(PROJECT, 'test/support/nfs/server-vm-init'), join(scratch, 'init'));
  await chmod(join(scratch, 'init'), 0o755);
  const cpio = 'find . -print0 | cpio --null --create --format=newc --owner=0:0 --quiet | gzip -1';
  await $({ cwd: scratch })`sh -c ${cpio} > ${output}`;
  await rm(scratch, { recursive: true });
}
