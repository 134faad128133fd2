// The smallest system that a PC boots as it does the default image: kernel, initrd, busybox and sshd, some 30 MB. A server in an
// emulated machine unpacks it in seconds.
import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { startText } from '../images/boot/boot-folder.ts';
import { makeInitrd } from '../images/boot/initrd.ts';
import { writeOciArchive } from '../images/oci-archive.ts';
import { $ } from '../run.ts';

const TOP = join(import.meta.dirname, '../..');
const MODEL = 'pc-x86-64';
/** Any date: files of Debian are older. */
const DATE = new Date('2026-06-01T00:00:00Z');
const PROGRAMS = ['/usr/bin/busybox', '/usr/sbin/sshd'];
/** What Debian merged, as links. */
const MERGED = ['bin', 'sbin', 'lib', 'lib64'];
const FOLDERS = [
  'dev',
  'etc/ssh',
  'mnt',
  'proc',
  'root',
  'run',
  'sys',
  'tmp',
  'usr/bin',
  'usr/sbin',
];

const FILES: Readonly<Record<string, string>> = {
  'etc/passwd': 'root:*:0:0:root:/root:/bin/sh\nsshd:*:100:65534::/run/sshd:/bin/false\n',
  'etc/group': 'root:x:0:\nnogroup:x:65534:\n',
  'etc/inittab': '::sysinit:/bin/mkdir -p /run/sshd\n::respawn:/usr/sbin/sshd -D -e\n',
  'etc/ssh/sshd_config': 'UseDNS no\nUsePAM no\nPermitRootLogin prohibit-password\n',
};

/** Where its recipe is, from the top of the repository: another one is another image. */
export const SMALL_IMAGE_INPUTS: readonly string[] = [
  ...['boot-artifacts/initrd', 'boot-artifacts/images/pc', 'scripts/images/oci-archive.ts'],
  ...['scripts/images/boot/initrd.ts', 'scripts/images/boot/kernel-modules.ts'],
];

/** What it is made from, which stays as it is: a root file system of Debian, with openssh-server and busybox-static. */
type Source = { readonly root: string; readonly kernel: string; readonly version: string };

/**
 * Writes the OCI archive of the image.
 * @param options.scratch a folder for its parts, which is made and stays
 */
export async function writeSmallImage(
  archive: string,
  { scratch, ...source }: Source & { readonly scratch: string },
): Promise<void> {
  const root = join(scratch, 'system');
  for (const folder of FOLDERS) await mkdir(join(root, folder), { recursive: true });
  for (const name of MERGED) await symlink(`usr/${name}`, join(root, name));
  await copyPrograms(source.root, root);
  for (const [path, text] of Object.entries(FILES)) await writeFile(join(root, path), text);
  await addBootFolder(source, { root, scratch });
  const labels = { 'walt.node.models': MODEL };
  const reference = `waltplatform/${MODEL}-default:latest`;
  const image = { reference, architecture: 'amd64', labels, created: DATE };
  await writeOciArchive(archive, { root, image, scratch: join(scratch, 'oci') });
}

/** With the libraries that they are linked to, and a link for each command of busybox. */
async function copyPrograms(from: string, root: string): Promise<void> {
  const linked = (await $`chroot ${from} ldd /usr/sbin/sshd`).stdout.match(/\/\S+/g) ?? [];
  for (const path of [...PROGRAMS, ...linked]) {
    const place = path.startsWith('/usr/') ? path : `/usr${path}`;
    await mkdir(dirname(join(root, place)), { recursive: true });
    await cp(join(from, place), join(root, place), { dereference: true });
  }
  await $`chroot ${root} /bin/busybox --install -s`;
}

async function addBootFolder(
  { kernel, version, root: from }: Source,
  { root, scratch }: { readonly root: string; readonly scratch: string },
): Promise<void> {
  const folder = join(root, 'boot', MODEL);
  await mkdir(folder, { recursive: true });
  await cp(kernel, join(folder, 'kernel'));
  await makeInitrd(join(folder, 'initrd'), {
    ...{ root: from, version, scratch: join(scratch, 'initrd'), date: DATE },
    scripts: join(TOP, 'boot-artifacts/initrd'),
    recipe: {
      metapackage: 'linux-image-cloud-amd64',
      initrdModules: ['nfsv3', 'nfsv4', 'overlay', 'virtio_pci', 'virtio_net'],
      initrdLeavesOut: [],
    },
  });
  const template = await readFile(join(TOP, 'boot-artifacts/images/pc/start.ipxe'), 'utf8');
  await writeFile(join(folder, 'start.ipxe'), startText(template, { MODEL, CONSOLE: 'ttyS0' }));
}
