/** From a registry to a root file system that is ready beside podman, and what that takes on the disk. */
import { compare, type Measured } from '../../harness/compare.ts';
import { unpackPackages } from '../../harness/debian-programs.ts';
import { seconds } from '../../harness/seconds.ts';
import { markdownTable, plainTable } from '../../harness/table.ts';
import { type ImageContestant, ours, podman, skopeoUmoci } from '../contestants.ts';
import { BASE, MORE } from '../registry.ts';
import type { Bench, Part } from './part.ts';

const PACKAGES = ['podman', 'conmon', 'crun'];
/** Of podman's. */
const MOST_DISK = 1.1;

export const ready: Part = {
  name: 'ready',
  async measure({ lab, rounds }) {
    const programs = await unpackPackages(PACKAGES, lab.folder);
    const contestants = [ours(lab), podman(lab, programs), skopeoUmoci(lab)];
    const times = await readyTable(contestants, { rounds });
    const disk = await diskTable(contestants);
    for (const contestant of contestants) await contestant.empty();
    return `${times}\n\n${disk}`;
  },
};

async function readyTable(
  contestants: readonly ImageContestant[],
  options: Pick<Bench, 'rounds'>,
): Promise<string> {
  const first = await compare(contestants, takeFirst, options);
  const second = await compare(contestants, takeSecond, options);
  const row = { unit: 's', better: 'less' } as const;
  return markdownTable([
    { ...row, title: 'an image, nothing is here', aim: 1.5, measured: noted(first) },
    { ...row, title: 'one more layer, its base is here', aim: 1, measured: noted(second) },
  ]);
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
  const sizes: [one: number, second: number][] = [];
  for (const contestant of contestants) {
    await takeFirst(contestant);
    const one = await contestant.size();
    await contestant.take(MORE);
    sizes.push([one, (await contestant.size()) - one]);
  }
  const head = ['on the disk', ...contestants.map(({ name }) => name), 'of podman', 'aim', 'met'];
  return plainTable(head, [
    diskRow(
      'the image',
      sizes.map(([one]) => one),
    ),
    diskRow(
      'the second image, on the same base',
      sizes.map(([, second]) => second),
    ),
  ]);
}

function diskRow(title: string, bytes: readonly number[]): string[] {
  const [own = Number.NaN, others = Number.NaN] = bytes;
  const share = own / others;
  const shown = bytes.map((each) => `${(each / 1e6).toFixed(1)} MB`);
  return [title, ...shown, share.toFixed(2), `≤ ${MOST_DISK}`, share <= MOST_DISK ? 'yes' : 'no'];
}

/** Shows each median as it comes: the whole takes minutes. */
function noted(measured: readonly Measured[]): readonly Measured[] {
  console.error(JSON.stringify(measured));
  return measured;
}
