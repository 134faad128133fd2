// Nodes without a machine: the default image as the server serves it, a file system in RAM over it as walt-init lays one, the
// host key that the server gives, and Debian's own sshd, each on a loopback address and with processes of its own.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Identity, newIdentity } from '../../../agent/identities/identity.ts';
import { Background } from '../../../lab/programs/background.ts';
import { succeed } from '../../../lab/programs/run-program.ts';

/** A node that runs. */
export type RunningNode = {
  /** number of its first process, which is sshd */
  readonly pid: number;
  readonly sshd: Background;
  /** What a command prints there, as root. */
  readonly run: (command: string) => Promise<string>;
  /** Full command lines of what runs there. */
  readonly processes: () => Promise<string[]>;
  readonly stop: () => Promise<void>;
};

type Place = {
  /** root file system of the image */
  readonly image: string;
  /** a folder of its own, made here */
  readonly folder: string;
  readonly ip: string;
  readonly port: number;
  readonly identity?: Pick<Identity, 'hostKey'>;
  /** further lines of its sshd_config, which come first */
  readonly sshdConfig?: readonly string[];
};

const SCRIPT = `set -e
image=$1 stage=$2 ip=$3 port=$4
mount --make-rprivate /
mount -t tmpfs -o mode=0755 walt-overlay "$stage/ram"
mkdir "$stage/ram/upper" "$stage/ram/work" "$stage/ram/root"
mount -t overlay -o "lowerdir=$image,upperdir=$stage/ram/upper,workdir=$stage/ram/work" walt "$stage/ram/root"
cd "$stage/ram/root"
mount -t proc proc proc
mount --rbind /dev dev
mount -t tmpfs -o mode=0755 walt-run run
mkdir -p run/sshd run/walt/changes
mount --bind "$stage/ram/upper" run/walt/changes
mount -o remount,bind,ro run/walt/changes
cp "$stage/host-key" etc/ssh/ssh_host_ed25519_key
chmod 600 etc/ssh/ssh_host_ed25519_key
cat "$stage/sshd-config" etc/ssh/sshd_config > run/sshd-config
exec chroot . /usr/sbin/sshd -D -e -f /run/sshd-config -o "ListenAddress=$ip:$port" -h /etc/ssh/ssh_host_ed25519_key`;

/** Starts a node, and waits until its sshd listens. */
export async function startNode(place: Place): Promise<RunningNode> {
  const { image, folder, ip, port, identity = newIdentity('test'), sshdConfig = [] } = place;
  await mkdir(join(folder, 'ram'), { recursive: true });
  await writeFile(join(folder, 'host-key'), identity.hostKey);
  await writeFile(join(folder, 'sshd-config'), sshdConfig.map((line) => `${line}\n`).join(''));
  const own = ['unshare', '--mount', '--pid', '--fork', '--kill-child'];
  const sshd = new Background([...own, 'sh', '-c', SCRIPT, 'sh', image, folder, ip, String(port)]);
  await sshd.waitFor(/Server listening/);
  const pid = await childOf(sshd.child.pid ?? 0);
  const inside = ['nsenter', '--target', String(pid), '--mount', '--pid', '--root', '--wd'];
  const run = async (command: string) =>
    (await succeed([...inside, 'sh', '-c', command])).stdout.toString();
  return {
    ...{ pid, sshd, run },
    processes: async () =>
      (await run("cat /proc/[0-9]*/cmdline 2> /dev/null | tr '\\0' ' ' | sed 's/sshd: /\\n&/g'"))
        .split('\n')
        .filter((line) => line.trim() !== ''),
    stop: () => sshd.kill(),
  };
}

async function childOf(parent: number): Promise<number> {
  for (let tries = 0; tries < 250; tries += 1) {
    const { stdout } = await succeed(['pgrep', '--parent', String(parent)]);
    const found = Number(stdout.toString().trim().split('\n')[0]);
    if (found > 0) return found;
    await sleep(20);
  }
  throw new Error(`Cannot find the child of process ${parent}`);
}
