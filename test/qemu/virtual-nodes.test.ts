// Virtual nodes on real parts: `walt node create`, SeaBIOS, our PXE answer, the default image; and what becomes of them when
// QEMU, the server, or both are killed.
import { open, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { machineFiles } from '../../agent/machines/kept/machine-files.ts';
import { defaultImage, type Lab } from '../../lab/lab.ts';
import { Background } from '../../lab/programs/background.ts';
import { runProgram, succeed } from '../../lab/programs/run-program.ts';
import { eventually, openLab } from '../support/lab.ts';
import { makeBiosDisk } from '../support/local-disk/bios-disk.ts';

const BOOT_SECONDS = 400;
/** Of the first sector; the signature of the disk and its partitions follow. */
const BOOT_CODE_BYTES = 440;

type Shown = {
  readonly node: { readonly ip: string; readonly mac: string; readonly state: string };
  readonly machine: { readonly isOn: boolean; readonly accelerator: string } | null;
  readonly stages: readonly { readonly stage: string; readonly path?: string }[];
};

async function show(lab: Lab, name: string): Promise<Shown> {
  return JSON.parse(await lab.walt('node', 'show', name, '--json'));
}

/** Numbers of the QEMU processes in the lab's network. */
async function qemus({ namespace }: Lab): Promise<number[]> {
  const { stdout } = await succeed(['ip', 'netns', 'pids', namespace.name]);
  const found: number[] = [];
  for (const pid of stdout.toString().split('\n').filter(Boolean)) {
    const words = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (/^qemu-system-x86_64\0.*machines/s.test(words)) found.push(Number(pid));
  }
  return found;
}

async function taps({ namespace }: Lab): Promise<string[]> {
  const { stdout } = await succeed(namespace.command(['ip', '-j', 'link', 'show']));
  const links = JSON.parse(stdout.toString()) as { ifname: string }[];
  return links.map(({ ifname }) => ifname).filter((name) => /^v[0-9a-f]{13}$|^wn-/.test(name));
}

async function cores(lab: Lab, ip: string): Promise<number> {
  return Number(await lab.ssh(ip, 'nproc'));
}

/** By the host key that the server gave the node, with nothing that was switched off. */
async function work(t: ExecutionContext, lab: Lab): Promise<void> {
  const shell = await runProgram(lab.waltCommand('node', 'shell', 'pc-1'), {
    input: 'rm /etc/debian_version; echo of the node > /root/changed; exit 3\n',
    seconds: 120,
  });
  t.is(shell.code, 3, shell.said);
  const ran = await lab.tryWalt('node', 'run', 'pc-1', '--', 'cat', '/root/changed');
  t.regex(ran.said, /^pc-1: of the node$/m);
  await lab.walt('node', 'cp', 'pc-1:/root/changed', join(lab.folder, 'copied'));
  t.is(await readFile(join(lab.folder, 'copied'), 'utf8'), 'of the node\n');
  t.regex(await lab.walt('node', 'save', 'pc-1', 'saved'), /^Image \S+\/saved:latest is ready/m);
  const back = join(lab.folder, 'from-image');
  await lab.walt('image', 'cp', 'saved:/root/changed', back);
  t.is(await readFile(back, 'utf8'), 'of the node\n');
  const gone = await lab.tryWalt('image', 'cp', 'saved:/etc/debian_version', back);
  t.regex(gone.said, /The image has no \/etc\/debian_version/);
  const own = await lab.tryWalt('image', 'cp', 'saved:/etc/ssh/ssh_host_ed25519_key', back);
  t.regex(own.said, /The image has no \/etc\/ssh/, 'the host key of the node is in no image');
}

const DISK_SAYS = 'the system of the disk runs';

/** Makes the disk of a machine that is off start something; its partitions stay. */
async function writeBootSector(lab: Lab, mac: string): Promise<void> {
  const made = join(lab.folder, 'bios-disk');
  await makeBiosDisk(made, DISK_SAYS);
  const disk = await open(join(folderOf(lab, mac), 'disk-0.raw'), 'r+');
  await disk.write((await readFile(made)).subarray(0, BOOT_CODE_BYTES), 0);
  await disk.close();
}

/** As a person does: on a terminal, with what was said before that person came. */
async function logInAtConsole(t: ExecutionContext, lab: Lab, ip: string): Promise<void> {
  // Whatever the image asks there.
  await lab.ssh(ip, 'passwd -d root');
  const command = lab.waltCommand('node', 'console', 'pc-1', '--history', '1').join(' ');
  const person = new Background(['script', '-q', '-c', command, '/dev/null'], { hasInput: true });
  t.teardown(() => person.kill());
  await person.waitFor(/you type here/);
  person.child.stdin?.write('\r');
  await person.waitFor(/login: /, 120);
  person.child.stdin?.write('root\r');
  await person.waitFor(/[#$] $/, 120);
  person.child.stdin?.write('echo on $(tty) of $(hostname)\r');
  await person.waitFor(/on \/dev\/ttyS0 of pc-1\r/, 60);
  person.child.stdin?.write('exit\r');
  await person.waitFor(/login: [\s\S]*login: /, 60);
  person.child.stdin?.write('\x01d');
  t.is(await person.ended(), 0);
  const recorded = await lab.walt('node', 'console', 'pc-1', '--dump');
  t.regex(recorded, /iPXE[\s\S]*Linux version[\s\S]*on \/dev\/ttyS0 of pc-1/);
  t.is(recorded.split('on /dev/ttyS0 of pc-1').length, 2);
  const streams = ['--streams', 'console', '--history', 'full'];
  t.regex(await lab.walt('log', 'show', ...streams), /pc-1\.console -> .*on \/dev\/ttyS0 of pc-1/);
}

const folderOf = (lab: Lab, mac: string) =>
  machineFiles(join(lab.folder, 'state/machines'), mac).folder;
const log = (lab: Lab) => lab.walt('log', 'show', '--platform', '--history', 'full');
const isUp = ({ node }: Shown) => node.state === 'booted';
const machinesOf = (lab: Lab) => readdir(join(lab.folder, 'state/machines'));

test.serial(
  'what the host cannot carry is refused, with figures, and nothing is made',
  async (t) => {
    t.timeout(5 * 60_000);
    const lab = await openLab(t, 'virtno');
    await lab.startServer();
    const refused = async (setting: string, expected: RegExp) => {
      const { code, said } = await lab.tryWalt('node', 'create', 'huge', setting);
      t.deepEqual([code, said.trim().split('\n').length], [1, 1], said);
      t.regex(said, expected);
    };
    await refused(
      'ram=1024G',
      /it needs 1099\.5 GB of memory, and \d+\.\d GB of this machine's \d+\.\d GB are left/,
    );
    await refused(
      'disks=16T,16T',
      /its disks may take 32000\.0 GB more, and \d+\.\d GB are free in/,
    );
    await refused('ram=512M\n', /^Nothing was changed: ram=512M\\n: expected a number/);
    await refused(
      'networks=walt-net,\n\u001b[31m',
      /^Nothing was changed: networks=walt-net,\\n\\u001b/,
    );
    const { namespace } = lab;
    await succeed(namespace.command(['ip', 'tuntap', 'add', 'dev', 'try', 'mode', 'tap']));
    const netem = namespace.command([
      'tc',
      'qdisc',
      'add',
      'dev',
      'try',
      'root',
      'netem',
      'delay',
      '8ms',
    ]);
    // A kernel that can delay packets would take it.
    if ((await runProgram(netem)).code !== 0) {
      await refused(
        'networks=walt-net,far[lat=8ms]',
        /^Cannot make huge: lat= of network far needs sch_netem, which this machine's kernel refuses/,
      );
    }
    t.deepEqual([await qemus(lab), await taps(lab), await machinesOf(lab)], [[], [], []]);
    t.notRegex(await lab.walt('device', 'show'), /huge/);
  },
);

test.serial(
  'a virtual node boots by PXE, outlives the server, comes back when it is killed, and leaves nothing',
  async (t) => {
    t.timeout(30 * 60_000);
    const lab = await openLab(t, 'virt');
    await lab.startServer();
    await lab.walt('image', 'import', defaultImage);
    t.regex(await lab.walt('node', 'create', 'pc-1'), /^Virtual node pc-1 .* is created/);
    const { node, machine } = await show(lab, 'pc-1');
    t.is(machine?.isOn, true);
    const [born = 0] = await qemus(lab);
    t.deepEqual(await qemus(lab), [born]);
    t.regex(await readFile(`/proc/${born}/status`, 'utf8'), /^Uid:\t(?!0\t)\d+/m);

    await lab.walt('node', 'wait', 'pc-1', '--timeout', String(BOOT_SECONDS));
    const files = (await show(lab, 'pc-1')).stages.flatMap(({ path }) => path ?? []);
    t.true(files.includes('undionly.kpxe') && files.includes('kernel'), files.join());
    t.regex(
      await lab.walt('node', 'show', '--all'),
      /^Your nodes:[\s\S]*^pc-1 +virtual +pc-x86-64 /m,
    );

    await work(t, lab);
    await logInAtConsole(t, lab, node.ip);

    // Settings come with the next boot, whichever way the node boots: by itself here.
    t.regex(
      await lab.walt(
        'node',
        'config',
        'pc-1',
        'ram=1536M',
        'cpu.cores=1',
        'disks=1G[template=ext4]',
      ),
      /pc-1 has/,
    );
    t.regex(await lab.walt('node', 'show', 'pc-1'), /it gets its new settings when it reboots/);
    t.is(await cores(lab, node.ip), 2);
    t.regex(await lab.walt('node', 'reboot', 'pc-1'), /^Node pc-1: rebooted ok\.$/m);
    await lab.walt('node', 'wait', 'pc-1', '--timeout', String(BOOT_SECONDS));
    t.is(await cores(lab, node.ip), 1);
    t.regex(
      await lab.ssh(node.ip, 'lsblk -bno NAME,TYPE,SIZE'),
      /sda +disk +1000001536|sda +disk +100000\d{4}/,
    );
    await lab.ssh(node.ip, 'mount /dev/sda1 /mnt && echo mine > /mnt/kept && umount /mnt');
    const [first = 0] = await qemus(lab);
    const bootId = await lab.ssh(node.ip, 'cat /proc/sys/kernel/random/boot_id');

    // A server that crashes, and one that stops for another build of it while a second node boots: nodes go on, and are
    // known again.
    for (const [signal, build] of [
      ['SIGKILL', 'sources'],
      ['SIGTERM', 'bundled'],
    ] as const) {
      if (build === 'bundled') await lab.walt('node', 'create', 'pc-2', 'ram=512M', 'cpu.cores=1');
      const running = await qemus(lab);
      await lab.endServer(signal);
      t.deepEqual(await qemus(lab), running);
      await lab.startServer(build);
      await eventually(() => show(lab, 'pc-1'), isUp, 120);
      t.is((await show(lab, 'pc-1')).machine?.isOn, true);
      t.is(await lab.ssh(node.ip, 'cat /proc/sys/kernel/random/boot_id'), bootId);
    }

    await lab.walt('node', 'wait', 'pc-2', '--timeout', String(BOOT_SECONDS));
    await lab.walt('node', 'remove', 'pc-2');
    t.deepEqual(await qemus(lab), [first]);

    // Killed alone, it is started again.
    process.kill(first, 'SIGKILL');
    const [second = 0] = await eventually(
      () => qemus(lab),
      (pids) => pids.length > 0 && !pids.includes(first),
      120,
    );
    t.regex(await log(lab), /node pc-1 is down \(cause: its virtual machine ended, method: hard\)/);
    t.regex(await log(lab), /virtual node pc-1 has lost its QEMU process: starting it again/);

    // Killed together with the server, while it boots: the next server starts it again.
    await lab.endServer('SIGKILL');
    process.kill(second, 'SIGKILL');
    await lab.startServer();
    await eventually(
      () => qemus(lab),
      (pids) => pids.length === 1 && !pids.includes(second),
      120,
    );
    await lab.walt('node', 'wait', 'pc-1', '--timeout', String(BOOT_SECONDS));
    t.is(await lab.ssh(node.ip, 'mount -o ro /dev/sda1 /mnt && cat /mnt/kept'), 'mine\n');

    // Its plug, and its own power button.
    const power = (verb: string) => lab.walt('node', 'power', 'pc-1', verb);
    t.regex(await power('status'), /pc-1: power is on/);
    await power('off');
    t.deepEqual(await qemus(lab), []);
    t.regex(await power('status'), /pc-1: power is off/);
    await lab.endServer('SIGTERM');
    await lab.startServer();
    t.deepEqual(await qemus(lab), []);

    // From its own disk, and back.
    await writeBootSector(lab, node.mac);
    await lab.walt('node', 'boot', 'pc-1', 'boot-local');
    await power('on');
    const said = () => readFile(join(folderOf(lab, node.mac), 'console.log'), 'latin1');
    await eventually(said, (text) => text.includes(DISK_SAYS), BOOT_SECONDS);
    await lab.walt('node', 'boot', 'pc-1', 'pc-x86-64');
    const [before = 0] = await qemus(lab);
    t.regex(await lab.walt('node', 'reboot', 'pc-1', '--hard'), /^Node pc-1: .*ok/m);
    t.not((await qemus(lab))[0], before);
    await lab.walt('node', 'wait', 'pc-1', '--timeout', String(BOOT_SECONDS));

    t.deepEqual([(await taps(lab)).length, (await machinesOf(lab)).length], [1, 1]);
    await lab.walt('node', 'remove', 'pc-1');
    t.deepEqual([await qemus(lab), await taps(lab), await machinesOf(lab)], [[], [], []]);
    t.notRegex(await lab.walt('device', 'show'), /pc-1/);
    t.notRegex(
      await readFile(join(lab.folder, 'state/nfs/exports.json'), 'utf8'),
      new RegExp(node.ip),
    );
    t.is((await lab.tryWalt('node', 'show', 'pc-1')).code, 1);
  },
);
