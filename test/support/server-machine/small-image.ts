// The default image for PCs with all left out that no boot needs: its kernel, initrd, busybox and sshd, some 30 MB. A server in an
// emulated machine unpacks it in seconds in place of minutes, and it boots by the same way.
import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { defaultImage } from '../../../lab/lab.ts';
import { cachedFolder } from '../../../scripts/images/cache/cached-folder.ts';
import { writeOciArchive } from '../../../scripts/images/oci-archive.ts';
import { $ } from '../../../scripts/run.ts';

const MODEL = 'pc-x86-64';
const NAME = 'image.oci.tar';
/** Any date that no file of it is younger than. */
const DATE = new Date('2030-01-01T00:00:00Z');
const PROGRAMS = ['/usr/bin/busybox', '/usr/sbin/sshd'];
/** What Debian merged, as links. */
const MERGED = ['bin', 'sbin', 'lib', 'lib64'];
const FOLDERS = ['boot', 'dev', 'etc/ssh', 'mnt', 'proc', 'root', 'run', 'sys', 'tmp', 'usr/bin'];

const FILES: Readonly<Record<string, string>> = {
  'etc/passwd': 'root:*:0:0:root:/root:/bin/sh\nsshd:*:100:65534::/run/sshd:/bin/false\n',
  'etc/group': 'root:x:0:\nnogroup:x:65534:\n',
  'etc/inittab': '::sysinit:/bin/mkdir -p /run/sshd\n::respawn:/usr/sbin/sshd -D -e\n',
  'etc/ssh/sshd_config': 'UseDNS no\nUsePAM no\nPermitRootLogin prohibit-password\n',
};

/** Makes it once for each default image. @returns the path of its OCI archive */
export async function smallImage(): Promise<string> {
  const index = await $`tar --extract --to-stdout --file ${defaultImage} index.json`;
  const own = await readFile(import.meta.filename);
  const recipe = createHash('sha256').update(index.stdout).update(own).digest('hex');
  return join(await cachedFolder('small-image', { recipe, build }), NAME);
}

async function build(folder: string): Promise<void> {
  const scratch = await mkdtemp(join(folder, 'parts-'));
  const from = join(scratch, 'default');
  const root = join(scratch, 'root');
  await $`skopeo copy --quiet oci-archive:${defaultImage} oci:${scratch}/layout:image`;
  await $`umoci raw unpack --image ${scratch}/layout:image ${from}`;
  for (const path of FOLDERS) await mkdir(join(root, path), { recursive: true });
  for (const name of MERGED) await symlink(`usr/${name}`, join(root, name));
  await copyPrograms(from, root);
  await cp(join(from, 'boot', MODEL), join(root, 'boot', MODEL), { recursive: true });
  await letWait(join(root, 'boot', MODEL, 'start.ipxe'));
  for (const [path, text] of Object.entries(FILES)) await writeFile(join(root, path), text);
  const reference = `waltplatform/${MODEL}-default:latest`;
  const labels = { 'walt.node.models': MODEL };
  const image = { reference, architecture: 'amd64', labels, created: DATE };
  const archive = join(scratch, NAME);
  await writeOciArchive(archive, { root, image, scratch: join(scratch, 'oci') });
  await rename(archive, join(folder, NAME));
  await rm(scratch, { recursive: true });
}

/** A server in an emulated machine is longer away after a power cut than the two minutes for which a node waits without this. */
async function letWait(startFile: string): Promise<void> {
  const text = await readFile(startFile, 'utf8');
  const waiting = text.replace(/^set walt_args /m, '$&walt.nfs.watchdog=0 walt.nfs.seconds=1200 ');
  if (waiting === text) throw new Error(`${startFile} sets no walt_args`);
  await writeFile(startFile, waiting);
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
