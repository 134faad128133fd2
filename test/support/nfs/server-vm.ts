// Builds the disk and the initrd of a small Debian machine whose kernel is an NFS server: unpacked packages without
// an init system, kept in the cache by what they are made from.
import { cp, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cachedFolder } from '../../../scripts/images/cache/cached-folder.ts';
import { inputHash } from '../../../scripts/images/cache/input-hash.ts';
import { debianSources } from '../../../scripts/images/debian/debian-mirror.ts';
import { $ } from '../../../scripts/run.ts';
import { fillInitrd, packInitrd } from '../../../scripts/server-vm/disk-initrd.ts';

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
  const paths = ['test/support/nfs/server-vm.ts', 'scripts/server-vm/disk-initrd.ts'];
  const recipe = await inputHash(PROJECT, { paths, text: process.version });
  return await cachedFolder('nfs-server-vm', { recipe, build: buildBase });
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
  await fillInitrd(join(base, 'initrd'), { root, version });
  await $`mke2fs -q -t ext4 -d ${root} ${join(base, 'disk')} 1500M`;
  await rm(root, { recursive: true });
}

async function makeInitrd(output: string, base: string): Promise<void> {
  const scratch = await mkdtemp(join(tmpdir(), 'walt-initrd-'));
  await cp(join(base, 'initrd'), scratch, { recursive: true });
  for (const path of ['agent', 'package.json', 'test/support/nfs']) {
    await cp(join(PROJECT, path), join(scratch, 'walt', path), { recursive: true });
  }
  const init = join(PROJECT, 'test/support/nfs/server-vm-init');
  await packInitrd(scratch, { init, output });
  await rm(scratch, { recursive: true });
}
