// `npm run bench:boot -- [RUNS] [--model MODEL] [--card CARD] [--write]`: power-on to sshd over the network against the same image on a local
// disk, in the same QEMU, one after the other, and the bytes that travel; and of PCs `walt node reboot` until another system answers.
// Medians and ratios; write them down with the command.

import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { type Lab, makeLab } from '../../lab/lab.ts';
import type { Vm } from '../../lab/machines/vm.ts';
import { prepare } from '../../scripts/builders/prepare.ts';
import { requireFiles, requirePrograms } from '../harness/require-programs.ts';
import { writeSection } from '../harness/section.ts';
import { type Model, models, type Start } from './models.ts';
import { partsOf } from './parts.ts';
import { type Run, reportOf } from './report.ts';
import { rebootWarm } from './warm.ts';
import { bytesSent, IP, imageRoot, waitForSsh } from './watch.ts';

const MAC = '52:54:00:f2:67:82';
const PACK_SECONDS = 300;

const NODE = `node-${MAC.replaceAll(':', '').slice(-6)}`;

const CARDS = ['virtio-net-pci', 'e1000', 'e1000e'] as const;

const { values, positionals } = parseArgs({
  options: {
    model: { type: 'string', default: 'pc-x86-64' },
    card: { type: 'string', default: CARDS[0] },
    write: { type: 'boolean', default: false },
  },
  allowPositionals: true,
});
const runs = Number(positionals[0] ?? 5);
const card = CARDS.find((name) => name === values.card);
const model: Model | undefined = Object.entries(models).find(
  ([name]) => name === values.model,
)?.[1];
if (card === undefined || model === undefined || !Number.isInteger(runs) || runs < 1) {
  const words = `[RUNS] [--model ${Object.keys(models).join('|')}] [--card ${CARDS.join('|')}] [--write]`;
  throw new Error(
    `${process.argv.slice(2).join(' ')}: how it is used: npm run bench:boot -- ${words}`,
  );
}
if (card !== CARDS[0] && (values.write || !model.hasCards)) {
  throw new Error(
    `--card ${card}: boards have ${CARDS[0]} alone, and so have the figures of docs/performance.md`,
  );
}
const known = { name: 'bench', mac: MAC, card } as const;
await requirePrograms([...['mke2fs', 'cpio', 'zstd', 'mksquashfs', 'fincore'], ...model.programs]);
await requireFiles(model.files);
await prepare(join(import.meta.dirname, '../..'), { builders: model.builders });
const lab = await makeLab('bench');
try {
  await lab.startServer();
  await lab.walt('image', 'import', model.image);
  const image = await imageRoot(lab);
  const fromNetwork = await model.overNetwork(lab.folder);
  const fromDisk = await model.fromDisk(lab.folder, { image, address: `${IP}/24` });
  await warmUp(lab, fromNetwork);
  const network: Run[] = [];
  const local: Run[] = [];
  const warm: number[] = [];
  for (let count = 1; count <= runs; count += 1) {
    const whileUp = async () => {
      if (model.goesByKexec) warm.push(await rebootWarm(lab, `reboot ${count}`, NODE));
    };
    const overNetwork = { start: fromNetwork, node: NODE, whileUp };
    network.push(await measure(lab, `network ${count}`, overNetwork));
    local.push(await measure(lab, `disk ${count}`, { start: fromDisk }));
  }
  const text = await reportOf(
    { network, local, warm, image },
    { card: model.hasCards ? card : 'virtio-net-device' },
  );
  console.log(`\n${text}`);
  if (values.write) await writeSection(model.section, text);
} finally {
  await lab.close();
}

/** The first boot of an image is the one that shows what boots read of it: those after it fetch that in one piece. */
async function warmUp(lab: Lab, start: Start): Promise<void> {
  const vm = await powerOn(lab, start);
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

async function measure(
  lab: Lab,
  label: string,
  {
    start,
    whileUp,
    ...known
  }: {
    readonly start: Start;
    readonly whileUp?: () => Promise<void>;
    readonly node?: string;
  },
): Promise<Run> {
  const waiting = waitForSsh(lab);
  const began = Date.now();
  const vm = await powerOn(lab, start);
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

async function powerOn(lab: Lab, start: Start): Promise<Vm> {
  return await lab.startMachine({ ...known, ...start });
}
