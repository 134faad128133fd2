// The disks of a virtual machine: raw files that take room as they are filled. They stay, with what is on them, until
// their plan changes or the machine is removed.
import { open, rename, rm, stat } from 'node:fs/promises';
import { runProgram } from '../../host/processes/program.ts';
import type { MachineFiles } from './machine-files.ts';
import type { DiskPlan } from './plan.ts';

/** The partition of a template begins at 1 MiB, as partitioning tools align it. */
const PARTITION_START = 1_048_576;
const SECTOR = 512;
/** More disks than this has no machine; those behind the last one are removed. */
const MOST_DISKS = 16;

/**
 * Makes the disks that are missing, and removes those that are no longer wanted: behind the last one, of another size, or
 * made by another template.
 * @param previous the disks as they were made
 * @throws {WaltError} if a template cannot be made; nothing of that disk is left then
 */
export async function makeDisks(
  files: MachineFiles,
  plans: readonly DiskPlan[],
  previous: readonly DiskPlan[] = [],
): Promise<void> {
  for (const [number, plan] of plans.entries()) {
    const { template = plan.template } = previous[number] ?? {};
    const hasSize = (await sizeOf(files.disk(number))) === roundedSize(plan);
    if (!hasSize || template !== plan.template) await makeDisk(files.disk(number), plan);
  }
  for (let number = plans.length; number < MOST_DISKS; number += 1) {
    await rm(files.disk(number), { force: true });
  }
}

/** Bytes that the disks may still take, beside what they have already. */
export async function missingBytes(
  files: MachineFiles,
  plans: readonly DiskPlan[],
): Promise<number> {
  let missing = 0;
  for (const [number, plan] of plans.entries()) {
    const stats = await stat(files.disk(number)).catch(() => undefined);
    missing += Math.max(0, plan.sizeBytes - (stats?.blocks ?? 0) * SECTOR);
  }
  return missing;
}

/** Numbers of disks that are there and will not be, or be empty, with these plans. */
export async function lostDisks(
  files: MachineFiles,
  before: readonly DiskPlan[],
  after: readonly DiskPlan[],
): Promise<number[]> {
  const lost: number[] = [];
  for (const [number, plan] of before.entries()) {
    const next = after[number];
    const isKept = next?.sizeBytes === plan.sizeBytes && next.template === plan.template;
    if (!isKept && (await sizeOf(files.disk(number))) !== undefined) lost.push(number);
  }
  return lost;
}

/** The same in words; undefined where it is none. @param lost numbers from 0 */
export function lossWords(lost: readonly number[]): string | undefined {
  if (lost.length === 0) return undefined;
  const numbers = lost.map((number) => number + 1).join(', ');
  return lost.length === 1
    ? `disk ${numbers} would be lost, with what is on it. Add --yes`
    : `disks ${numbers} would be lost, with what is on them. Add --yes`;
}

/** A disk is whole before it has its name: a killed server leaves none that is half made. */
async function makeDisk(path: string, plan: DiskPlan): Promise<void> {
  const part = `${path}.part`;
  await rm(part, { force: true });
  try {
    const file = await open(part, 'w', 0o600);
    await file.truncate(roundedSize(plan)).finally(() => file.close());
    await fill(part, plan);
    await rename(part, path);
  } catch (reason) {
    await rm(part, { force: true });
    throw reason;
  }
}

async function fill(path: string, plan: DiskPlan): Promise<void> {
  if (plan.template === 'none') return;
  const isLinux = plan.template === 'ext4';
  const sectors = roundedSize(plan) / SECTOR;
  const start = PARTITION_START / SECTOR;
  // Behind the last sector of the partition a GPT has its second table: 33 sectors.
  const size = sectors - start - 34;
  const type = isLinux ? 'linux' : 'EBD0A0A2-B9E5-4433-87C0-68B6B72699C7';
  const table = `label: gpt\nstart=${start}, size=${size}, type=${type}\n`;
  await runProgram('sfdisk', ['--quiet', path], { input: table });
  if (isLinux) {
    const options = ['-q', '-F', '-E', `offset=${PARTITION_START},lazy_itable_init=1`];
    return void (await runProgram('mke2fs', [
      ...options,
      '-t',
      'ext4',
      path,
      `${Math.floor(size / 2)}k`,
    ]));
  }
  const blocks = String(Math.floor(size / 2));
  await runProgram('mkfs.fat', ['-F', '32', `--offset=${start}`, path, blocks]);
}

/** A disk has whole sectors of 4 KiB. */
function roundedSize({ sizeBytes }: DiskPlan): number {
  return Math.ceil(sizeBytes / 4096) * 4096;
}

async function sizeOf(path: string): Promise<number | undefined> {
  return (await stat(path).catch(() => undefined))?.size;
}
