/**
 * `npm run bench:images -- [--write] [--rounds N]`: from a registry to a root file system beside podman, and from a clone to
 * a booted node; what two images with a common base take on the disk; and how long giving nodes another image takes.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { defaultImage, type Lab, makeLab } from '../../lab/lab.ts';
import { prepare } from '../../scripts/prepare.ts';
import { askedRounds, compare } from '../harness/compare.ts';
import { unpackPackages } from '../harness/debian-programs.ts';
import { describeMachine } from '../harness/machine.ts';
import { writeSection } from '../harness/section.ts';
import { markdownTable, type Row } from '../harness/table.ts';
import { type ImageContestant, ours, podman, skopeoUmoci } from './contestants.ts';
import { cloneAndBoot } from './node.ts';
import { BASE, MORE, REGISTRY, startImageRegistry } from './registry.ts';
import { measureSwitches } from './switch-nodes.ts';

const PACKAGES = ['podman', 'conmon', 'crun'];
const ROUNDS = 3;

const { values } = parseArgs({
  options: { write: { type: 'boolean', default: false }, rounds: { type: 'string' } },
});
const rounds = askedRounds(values.rounds) ?? ROUNDS;
await prepare(join(import.meta.dirname, '../..'));
const registries = [{ name: 'lab', address: REGISTRY, http: true }];
const lab = await makeLab('bimages', { images: { registries } });
try {
  const stopRegistry = await startImageRegistry(lab);
  try {
    const text = await measure(lab);
    console.log(text);
    if (values.write) await writeSection('bench images', text);
  } finally {
    await stopRegistry();
  }
} finally {
  await lab.close();
}

async function measure(lab: Lab): Promise<string> {
  const programs = await unpackPackages(PACKAGES, lab.folder);
  const contestants = [ours(lab), podman(lab, programs), skopeoUmoci(lab)];
  const machine = describeMachine();
  const ready = markdownTable(await readyRows(contestants));
  const disk = await diskTable(contestants);
  for (const contestant of contestants) await contestant.empty();
  return [machine, ready, disk, await nodeTable(lab), await switchTable()].join('\n\n');
}

/** Until the root file system is there. */
async function readyRows(contestants: readonly ImageContestant[]): Promise<Row[]> {
  const first = await compare(contestants, (one) => takeFirst(one), { rounds });
  const second = await compare(contestants, (one) => takeSecond(one), { rounds });
  const row = { unit: 's', better: 'less', aim: 1 } as const;
  return [
    { ...row, title: 'an image, nothing is here', measured: first },
    { ...row, title: 'one more layer, its base is here', measured: second },
  ];
}

async function takeFirst(contestant: ImageContestant): Promise<number> {
  await contestant.empty();
  return await seconds(() => contestant.take(BASE));
}

async function takeSecond(contestant: ImageContestant): Promise<number> {
  await takeFirst(contestant);
  return await seconds(() => contestant.take(MORE));
}

async function diskTable(contestants: readonly ImageContestant[]): Promise<string> {
  const sizes: [one: number, both: number][] = [];
  for (const contestant of contestants) {
    await takeFirst(contestant);
    const one = await contestant.size();
    await contestant.take(MORE);
    sizes.push([one, await contestant.size()]);
  }
  return lines(
    ['on the disk', ...contestants.map(({ name }) => name)],
    ['the image', ...sizes.map(([one]) => megabytes(one))],
    ['the second image, on the same base', ...sizes.map(([one, both]) => megabytes(both - one))],
  );
}

async function nodeTable(lab: Lab): Promise<string> {
  const { clone, give, boot } = await cloneAndBoot(lab, { archive: defaultImage, rounds });
  const figure = (value: number) => `${value.toFixed(1)} s`;
  return lines(
    ['from a clone to a booted node', 'median'],
    ['`walt image clone`, the base is here', figure(clone)],
    ['`walt node boot`, until the node obeyed', figure(give)],
    ['until the node is booted (QEMU)', figure(boot)],
    ['together', figure(clone + give + boot)],
  );
}

async function switchTable(): Promise<string> {
  const figures = await measureSwitches();
  const figure = (value: number) => `${value.toFixed(1)} ms`;
  return lines(
    ['another image for', 'median', 'most', 'aim', 'met'],
    ...figures.map(({ what, median, most, aim }) => [
      ...[what, figure(median), figure(most)],
      ...(aim === undefined ? ['', ''] : [`< ${aim} ms`, most < aim ? 'yes' : 'no']),
    ]),
  );
}

/** A table: its first line is the head. */
function lines(head: readonly string[], ...rows: readonly (readonly string[])[]): string {
  const rule = head.map((_, at) => (at === 0 ? '---' : '--:'));
  return [head, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}
