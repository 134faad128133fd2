// The built default image, unpacked with the node side laid over it and served over NFS in a namespace of its own,
// beside a listener that takes the nodes' notifications: what a node meets when it boots.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { $ } from '../../../scripts/run.ts';
import { createNamespace, type Namespace } from '../namespace.ts';
import { NfsProcess } from '../nfs/nfs-process.ts';
import { unmountBelow } from '../temporary-folder.ts';

const TOP = join(import.meta.dirname, '../../..');
const SERVER = '192.168.152.1';
export const NODE = { ip: '192.168.152.10', mac: '52:54:00:12:34:56', name: 'node-123456' };

/** Takes notifications as the server does, and writes all that nodes say into the file given. */
const LISTENER = `#!/bin/sh
read -r request && echo "$request" >> "$LOG" && echo OK && exec cat >> "$LOG"
`;

export type ServedImage = {
  readonly namespace: Namespace;
  readonly folder: string;
  readonly kernel: string;
  readonly initrd: string;
  startNfs(): Promise<void>;
  stopNfs(): Promise<void>;
  /** All that nodes have said to the notification port. */
  notifications(): Promise<string>;
  /** Runs a command on the node as the server does. */
  ssh(command: string): Promise<string>;
  remove(): Promise<void>;
};

/** Unpacks the image (some 20 s) and makes the namespace. NFS is not started yet. */
export async function serveImage(name: string): Promise<ServedImage> {
  const folder = await mkdtemp(join(tmpdir(), 'walt-image-'));
  try {
    return await serveFrom(folder, name);
  } catch (error) {
    await unmountBelow(folder);
    await rm(folder, { recursive: true });
    throw error;
  }
}

async function serveFrom(folder: string, name: string): Promise<ServedImage> {
  const image = await unpack(folder);
  await $`ssh-keygen -q -t ed25519 -N ${''} -f ${folder}/key`;
  await $`install -D -m 600 ${folder}/key.pub ${image}/root/.ssh/authorized_keys`;
  const namespace = await createNamespace(`${name}-${process.pid}`);
  const nfs = new NfsProcess(namespace, { address: SERVER, folder: join(folder, 'nfs') });
  const log = join(folder, 'notifications');
  const listener = await listen(namespace, { folder, log });
  return {
    namespace,
    folder,
    kernel: join(image, 'boot/pc-x86-64/kernel'),
    initrd: join(image, 'boot/pc-x86-64/initrd'),
    async startNfs() {
      await nfs.tell({ do: 'start' });
      await nfs.tell({ do: 'apply', exports: [{ ip: NODE.ip, mac: NODE.mac, imagePath: image }] });
    },
    async stopNfs() {
      await nfs.tell({ do: 'stop' });
    },
    notifications: () => readFile(log, 'utf8'),
    async ssh(command) {
      const options = [
        '-i',
        `${folder}/key`,
        '-o',
        'StrictHostKeyChecking=no',
        '-o',
        'BatchMode=yes',
      ];
      const quiet = ['-o', 'UserKnownHostsFile=/dev/null', '-o', 'LogLevel=ERROR', '-n'];
      const argv = ['timeout', '300', 'ssh', ...options, ...quiet, `root@${NODE.ip}`, command];
      return (await $`${namespace.command(argv)}`).stdout.trim();
    },
    async remove() {
      await nfs.kill();
      listener.kill();
      await namespace.remove();
      await unmountBelow(folder);
      await rm(folder, { recursive: true });
    },
  };
}

/** The image as the server's store would have it. */
async function unpack(folder: string): Promise<string> {
  const archive = join(TOP, 'release/dist/images/pc-x86-64.oci.tar');
  await access(archive).catch(() => $`${process.execPath} ${TOP}/scripts/images.ts pc-x86-64`);
  await $`skopeo copy -q oci-archive:${archive} oci:${folder}/oci:image`;
  await $`umoci raw unpack --image ${folder}/oci:image ${folder}/image`;
  await $`tar --create --directory ${TOP}/buildroot-overlay . | tar --extract --keep-directory-symlink --no-same-owner --directory ${folder}/image`;
  return join(folder, 'image');
}

async function listen(
  namespace: Namespace,
  { folder, log }: { readonly folder: string; readonly log: string },
): Promise<ChildProcess> {
  const script = join(folder, 'listener');
  await mkdir(folder, { recursive: true });
  await writeFile(script, LISTENER);
  await chmod(script, 0o755);
  await writeFile(log, '');
  const argv = namespace.command(['busybox', 'nc', '-ll', '-p', '12347', '-e', script]);
  const child = spawn(argv[0] ?? '', argv.slice(1), {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, LOG: log },
  });
  await once(child, 'spawn');
  return child;
}

/** The kernel command line that the image's start.ipxe makes, with the version of NFS stated. */
export function commandLine({
  version,
  more = [],
}: {
  readonly version: '3' | '4.2';
  readonly more?: readonly string[];
}): string {
  const root = `root=/dev/nfs nfsroot=${SERVER}:/var/lib/walt/nodes/${NODE.ip}/fs,ro,vers=${version},nolock,nocto,actimeo=86400`;
  const net = `ip=${NODE.ip}:${SERVER}::255.255.255.0:${NODE.name}::off BOOTIF=01-${NODE.mac.replaceAll(':', '-')} net.ifnames=0`;
  const walt = `boot=walt init=/bin/walt-init walt.node.model=pc-x86-64 walt.server.ip=${SERVER}`;
  return [root, net, walt, 'panic=30 console=tty0 console=ttyS0,115200', ...more].join(' ');
}
