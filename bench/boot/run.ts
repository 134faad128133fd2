// `npm run bench:boot -- [RUNS] [--card CARD]`: power-on to sshd over the network against the same image on a local disk, in the same
// QEMU, one after the other, and the bytes that travel; and `walt node reboot` until another system answers. Medians and
// ratios; write them down with the command.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { defaultImage, type Lab, makeLab } from '../../lab/lab.ts';
import { prepare } from '../../scripts/prepare.ts';
import { $ } from '../../scripts/run.ts';
import { requirePrograms } from '../harness/require-programs.ts';
import { type LocalDisk, localDiskArguments, makeLocalDisk } from './local-disk.ts';

const IP = '192.168.152.2';
const MAC = '52:54:00:f2:67:82';
const BOUND_SECONDS = 900;
const PACK_SECONDS = 300;

/** Seconds from power-on until sshd answers, and bytes that the server sent meanwhile. */
type Run = { readonly seconds: number; readonly bytes: number };

const NODE = `node-${MAC.replaceAll(':', '').slice(-6)}`;

const CARDS = ['e1000', 'virtio-net-pci'] as const;

const { values, positionals } = parseArgs({
  options: { card: { type: 'string', default: CARDS[0] } },
  allowPositionals: true,
});
const runs = Number(positionals[0] ?? 5);
const card = CARDS.find((name) => name === values.card);
if (card === undefined || !Number.isInteger(runs) || runs < 1) {
  const usage = `npm run bench:boot -- [RUNS] [--card ${CARDS.join('|')}]`;
  throw new Error(`${process.argv.slice(2).join(' ')}: how it is used: ${usage}`);
}
const machine = { name: 'bench', mac: MAC, firmware: 'bios', card } as const;
await requirePrograms([
  ...['syslinux', 'mcopy', 'mkfs.fat', 'mke2fs', 'cpio', 'zstd'],
  ...['mksquashfs', 'fincore'],
]);
await prepare(join(import.meta.dirname, '../..'));
const lab = await makeLab('bench');
try {
  await lab.startServer();
  await lab.walt('image', 'import', defaultImage);
  const image = await imageRoot(lab);
  const disk = await makeLocalDisk(lab.folder, { image, address: `${IP}/24` });
  await warmUp(lab);
  const network: Run[] = [];
  const local: Run[] = [];
  const warm: number[] = [];
  for (let count = 1; count <= runs; count += 1) {
    network.push(
      await bootOverNetwork(lab, `network ${count}`, async () => {
        warm.push(await rebootWarm(lab, `reboot ${count}`));
      }),
    );
    local.push(await bootFromDisk(lab, disk, `disk ${count}`));
  }
  await print({ network, local, warm, image });
} finally {
  await lab.close();
}

/** The first boot of an image is the one that shows what boots read of it: those after it fetch that in one piece. */
async function warmUp(lab: Lab): Promise<void> {
  const vm = await lab.startPc(machine);
  try {
    await waitForSsh(lab);
    for (let tries = 0; tries < PACK_SECONDS; tries += 1) {
      const log = await lab.walt('log', 'show', '--platform', '--history', 'full');
      const [pack] = /in one pack of [\d.]+ MB/.exec(log) ?? [];
      if (pack !== undefined) return console.log(`warm-up: what it read is ${pack}`);
      await sleep(1000);
    }
    throw new Error(`The warm-up was made into no pack within ${PACK_SECONDS} s: see the log`);
  } finally {
    await vm.stop();
  }
}

async function bootOverNetwork(
  lab: Lab,
  label: string,
  whileUp: () => Promise<void>,
): Promise<Run> {
  const start = () => lab.startPc(machine);
  return await measure(lab, label, { start, whileUp });
}

/** @returns seconds from the command until sshd of another system lets somebody in */
async function rebootWarm(lab: Lab, label: string): Promise<number> {
  await lab.walt('node', 'wait', NODE);
  const bootId = () => lab.ssh(IP, 'cat /proc/sys/kernel/random/boot_id').catch(() => '');
  const before = await bootId();
  const began = performance.now();
  await lab.walt('node', 'reboot', NODE);
  const secondsNow = () => (performance.now() - began) / 1000;
  while (secondsNow() < BOUND_SECONDS) {
    await waitForSsh(lab);
    const now = await bootId();
    if (now !== '' && now !== before) {
      const seconds = secondsNow();
      const isWarm = await wentByKexec(lab);
      console.log(`${label}: ${seconds.toFixed(1)} s${isWarm ? '' : ', not by kexec'}`);
      return seconds;
    }
    await sleep(200);
  }
  throw new Error(`${NODE} was not up again within ${BOUND_SECONDS} s`);
}

/** A boot by kexec begins with the start file that its old system asks for. */
async function wentByKexec(lab: Lab): Promise<boolean> {
  const { stages = [] } = JSON.parse(await lab.walt('node', 'show', NODE, '--json')) as {
    readonly stages?: readonly { readonly path?: string }[];
  };
  return stages[0]?.path?.endsWith('/start.grub') === true;
}

async function bootFromDisk(lab: Lab, disk: LocalDisk, label: string): Promise<Run> {
  const start = () => lab.startMachine({ ...machine, extraArguments: localDiskArguments(disk) });
  return await measure(lab, label, { start });
}

async function measure(
  lab: Lab,
  label: string,
  {
    start,
    whileUp,
  }: { readonly start: () => ReturnType<Lab['startPc']>; readonly whileUp?: () => Promise<void> },
): Promise<Run> {
  const waiting = waitForSsh(lab);
  const began = performance.now();
  const vm = await start();
  try {
    await waiting;
    const seconds = (performance.now() - began) / 1000;
    const bytes = await bytesSent(lab);
    console.log(`${label}: ${seconds.toFixed(1)} s, ${(bytes / 1e6).toFixed(1)} MB sent`);
    await whileUp?.();
    return { seconds, bytes };
  } finally {
    await vm.stop();
  }
}

/** A watcher on the namespace's side: connects again and again until sshd shows its banner. */
async function waitForSsh(lab: Lab): Promise<void> {
  const script = `for i in $(seq ${BOUND_SECONDS * 5}); do
    timeout 1 busybox nc ${IP} 22 </dev/null 2>/dev/null | head -c 4 | grep -q SSH- && exit 0; sleep 0.2; done; exit 1`;
  const [file = '', ...args] = lab.namespace.command(['sh', '-c', script]);
  const [code] = await once(spawn(file, args, { stdio: 'ignore' }), 'close');
  if (code !== 0) throw new Error(`${IP} did not answer within ${BOUND_SECONDS} s`);
}

async function bytesSent(lab: Lab): Promise<number> {
  const text = (await $`ip -n ${lab.namespace.name} -s -j link show type tun`).stdout;
  const [tap] = JSON.parse(text) as { stats64: { tx: { bytes: number } } }[];
  return tap?.stats64.tx.bytes ?? 0;
}

/** As the server sees it: what it mounts is in mounts of its own. */
async function imageRoot(lab: Lab): Promise<string> {
  const folder = join(`/proc/${lab.serverPid()}/root`, lab.folder, 'state/images');
  const [digest = ''] = await readdir(folder);
  return join(folder, digest, 'fs');
}

type Measured = {
  readonly network: readonly Run[];
  readonly local: readonly Run[];
  readonly warm: readonly number[];
  readonly image: string;
};

async function print({ network, local, warm, image }: Measured): Promise<void> {
  const size = Number((await $`du -sb ${image}`).stdout.split('\t')[0]);
  const seconds = (all: readonly Run[]) => median(all.map((run) => run.seconds));
  const bytes = median(network.map((run) => run.bytes));
  console.log(`
${runs} runs each, alternating, QEMU TCG, ${card}
power-on to sshd over the network: median ${seconds(network).toFixed(1)} s
power-on to sshd from a local disk: median ${seconds(local).toFixed(1)} s
ratio: ${(seconds(network) / seconds(local)).toFixed(2)}
walt node reboot until sshd lets somebody in: median ${median(warm).toFixed(1)} s, of power-on ${(median(warm) / seconds(network)).toFixed(2)}
bytes sent to the node: median ${(bytes / 1e6).toFixed(1)} MB of an image of ${(size / 1e6).toFixed(1)} MB: ${((100 * bytes) / size).toFixed(1)} %`);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
