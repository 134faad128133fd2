// Builds the server VM: Debian with systemd and all that a WalT server needs but WalT itself. It is kept in the cache by
// what it is made from.
import { cp, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cachedFolder } from '../images/cache/cached-folder.ts';
import { inputHash } from '../images/cache/input-hash.ts';
import { debianSources } from '../images/debian/debian-mirror.ts';
import { $ } from '../run.ts';
import { fillInitrd, packInitrd } from './disk-initrd.ts';
import { SERVER_VM_PACKAGES } from './packages.ts';
import { SERVER_VM_ADDRESS, settleRoot } from './root-files.ts';

/** Releases of Debian that become servers. */
export type Suite = 'bookworm' | 'trixie';
/** Sparse: it takes what is in it. */
const DISK_SIZE = '8G';
const ROOT = join(import.meta.dirname, '../..');

/** What QEMU starts, and who may come in. The disk must not be written to: others use it too. */
export type ServerVmFiles = {
  readonly kernel: string;
  readonly initrd: string;
  /** a raw ext4, which the kernel finds as /dev/vda */
  readonly disk: string;
  /** private key of root */
  readonly key: string;
  /** of its first card, which has the MAC `mac`; with the length of its network's prefix */
  readonly address: string;
  readonly mac: string;
};

/** Builds what is not in the cache. It takes two minutes. @param suite release of Debian */
export async function buildServerVm(suite: Suite): Promise<ServerVmFiles> {
  const base = await cachedFolder('server-vm', {
    recipe: await inputHash(ROOT, { paths: ['scripts/server-vm'], text: suite }),
    build: (folder) => build(folder, suite),
  });
  const inside = (name: string) => join(base, name);
  return {
    ...{ kernel: inside('kernel'), initrd: inside('initrd'), disk: inside('disk') },
    ...{ key: inside('key'), ...SERVER_VM_ADDRESS },
  };
}

async function build(base: string, suite: Suite): Promise<void> {
  const root = join(base, 'root');
  await install(root, suite);
  const [version = ''] = await readdir(join(root, 'lib/modules'));
  await cp(join(root, 'boot', `vmlinuz-${version}`), join(base, 'kernel'));
  await fillInitrd(join(base, 'parts'), { root, version });
  const init = join(import.meta.dirname, 'init');
  await packInitrd(join(base, 'parts'), { init, output: join(base, 'initrd') });
  await rm(join(base, 'parts'), { recursive: true });
  await $`ssh-keygen -q -t ed25519 -N ${''} -C server-vm -f ${join(base, 'key')}`;
  await mkdir(join(root, 'root/.ssh'), { recursive: true, mode: 0o700 });
  await writeFile(join(root, 'root/.ssh/authorized_keys'), await readFile(join(base, 'key.pub')));
  await settleRoot(root);
  await $`mke2fs -q -t ext4 -d ${root} ${join(base, 'unfinished')} ${DISK_SIZE}`;
  await rename(join(base, 'unfinished'), join(base, 'disk'));
  await rm(root, { recursive: true });
}

async function install(root: string, suite: Suite): Promise<void> {
  const settings = ['APT::Install-Recommends "false"', 'Acquire::Retries "3"'];
  const options = [
    ...['--mode=root', '--variant=minbase', `--include=${SERVER_VM_PACKAGES.join(',')}`],
    ...settings.map((setting) => `--aptopt=${setting}`),
    '--dpkgopt=path-exclude=/usr/share/{doc,man,locale}/*',
  ];
  // The kernel's package would make an initrd of its own, which nobody starts.
  const quick = $({ env: { ...process.env, INITRD: 'No' } });
  await quick`mmdebstrap ${options} ${suite} ${root} ${await debianSources(suite)}`;
}
