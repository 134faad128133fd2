// `npm run bench:boot -- [RUNS] [--card CARD] [--write]`: power-on to sshd over the network against the same image on a local disk, in the same
// QEMU, one after the other, and the bytes that travel; and `walt node reboot` until another system answers. Medians and
// ratios; write them down with the command.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { defaultImage, type Lab, makeLab } from '../../lab/lab.ts';
import { prepare } from '../../scripts/builders/prepare.ts';
import { $ } from '../../scripts/run.ts';
import { describeMachine } from '../harness/machine.ts';
import { requirePrograms } from '../harness/require-programs.ts';
import { writeSection } from '../harness/section.ts';
import { plainTable } from '../harness/table.ts';
import { type LocalDisk, localDiskArguments, makeLocalDisk } from './local-disk.ts';
import { medianParts, type Parts, partsOf } from './parts.ts';

const IP = '192.168.152.2';
const MAC = '52:54:00:f2:67:82';
const BOUND_SECONDS = 900;
const PACK_SECONDS = 300;

/** Seconds from power-on until sshd answers, where they were, and bytes that the server sent meanwhile. */
type Run = { readonly seconds: number; readonly bytes: number; readonly parts: Parts };

const NODE = `node-${MAC.replaceAll(':', '').slice(-6)}`;

const CARDS = ['virtio-net-pci', 'e1000', 'e1000e'] as const;

const { values, positionals } = parseArgs({
  options: {
    card: { type: 'string', default: CARDS[0] },
    write: { type: 'boolean', default: false },
  },
  allowPositionals: true,
});
const runs = Number(positionals[0] ?? 5);
const card = CARDS.find((name) => name === values.card);
if (card === undefined || !Number.isInteger(runs) || runs < 1) {
  const usage = `npm run bench:boot -- [RUNS] [--card ${CARDS.join('|')}] [--write]`;
  throw new Error(`${process.argv.slice(2).join(' ')}: how it is used: ${usage}`);
}
if (values.write && card !== CARDS[0]) {
  throw new Error(`--write: docs/performance.md has figures of the card ${CARDS[0]} alone`);
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
  await report({ network, local, warm, image });
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
  return await measure(lab, label, { start, whileUp, node: NODE });
}

/** @returns seconds from the command until sshd of another system lets somebody in */
async function rebootWarm(lab: Lab, label: string): Promise<number> {
  await lab.walt('node', 'wait', NODE);
  // A system that goes on by kexec says nothing to whom it was answering.
  const bootId = () => lab.ssh(IP, 'cat /proc/sys/kernel/random/boot_id', 3).catch(() => '');
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
    ...known
  }: {
    readonly start: () => ReturnType<Lab['startPc']>;
    readonly whileUp?: () => Promise<void>;
    readonly node?: string;
  },
): Promise<Run> {
  const waiting = waitForSsh(lab);
  const began = Date.now();
  const vm = await start();
  try {
    await waiting;
    const seconds = (Date.now() - began) / 1000;
    const bytes = await bytesSent(lab);
    console.log(`${label}: ${seconds.toFixed(1)} s, ${(bytes / 1e6).toFixed(1)} MB sent`);
    const parts = await partsOf({ lab, ip: IP, began, ...known });
    await whileUp?.();
    return { seconds, bytes, parts };
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

async function report({ network, local, warm, image }: Measured): Promise<void> {
  const size = Number((await $`du -sb ${image}`).stdout.split('\t')[0]);
  const seconds = (all: readonly Run[]) => median(all.map((run) => run.seconds));
  const [ours, disk, again] = [seconds(network), seconds(local), median(warm)];
  const bytes = median(network.map((run) => run.bytes));
  const share = bytes / size;
  const text = [
    `${describeMachine()}; ${runs} runs each, alternating, QEMU without KVM, card ${card}`,
    plainTable(
      ['', 'over the network', 'local disk', 'ratio', 'aim', 'met'],
      [
        ['power-on to sshd', inSeconds(ours), inSeconds(disk), ...against(ours / disk, 1.25)],
        ['`walt node reboot` to sshd', inSeconds(again), '', ...against(again / ours, 0.6)],
        [
          `bytes sent, of an image of ${inMegabytes(size)}`,
          inMegabytes(bytes),
          '',
          `${(100 * share).toFixed(1)} %`,
          '≤ 8 %',
          share <= 0.08 ? 'yes' : 'no',
        ],
      ],
    ),
    plainTable(
      ['where the seconds are', 'over the network', 'local disk'],
      partRows(network, local),
    ),
  ].join('\n\n');
  console.log(`\n${text}`);
  if (values.write) await writeSection('bench boot', text);
}

function partRows(network: readonly Run[], local: readonly Run[]): string[][] {
  const [ours, disk] = [medianParts(network), medianParts(local)];
  return Object.keys(ours).map((title) => [title, inSeconds(ours[title]), inSeconds(disk[title])]);
}

function against(ratio: number, aim: number): string[] {
  return [ratio.toFixed(2), `≤ ${aim}`, ratio <= aim ? 'yes' : 'no'];
}

function inSeconds(seconds = 0): string {
  return seconds === 0 ? '' : `${seconds.toFixed(1)} s`;
}

function inMegabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
