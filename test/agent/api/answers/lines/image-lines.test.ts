import test from 'ava';
import { type ImageWork, imageLines } from '../../../../../agent/api/answers/lines/image-lines.ts';
import type { ImageLine } from '../../../../../agent/api/calls/lines/image-line.ts';
import type { Image } from '../../../../../agent/images/content/image.ts';

const { signal } = new AbortController();
const users = { registry: { all: () => [] } };
const image: Image = {
  name: 'alice/pc:latest',
  digest: 'sha256:00',
  labels: {},
  layers: [],
  models: ['pc-x86-64'],
  size: 1,
  created: 1,
  used: 0,
};

/** Lets the work run to its end before anything but its first line is read. */
async function readLate(work: (tools: ImageWork) => Promise<Image | undefined>) {
  const pages = imageLines(users, signal, work);
  const lines: ImageLine[] = [...((await pages.next()).value ?? [])];
  for await (const page of pages) lines.push(...page);
  return lines;
}

test('imageLines() gives steps, and then the image', async (t) => {
  const lines = await readLate(async ({ progress }) => {
    progress('one');
    await new Promise(setImmediate);
    progress('two');
    return image;
  });
  t.deepEqual(
    lines.map((line) => (line.kind === 'step' ? line.text : line.kind)),
    ['one', 'two', 'done'],
  );
});

test('imageLines() ends with the reason where the work failed, also at once', async (t) => {
  const work = async () => {
    throw new Error('odd');
  };
  t.deepEqual(await readLate(work), [{ kind: 'failed', error: 'odd' }]);
});

test('imageLines() keeps the newest steps for a caller who does not read, and says how many went', async (t) => {
  const lines = await readLate(async ({ progress }) => {
    for (let step = 0; step < 100_000; step += 1) progress(`step ${step}`);
    return image;
  });
  t.is(lines.length, 1002);
  const [first, second] = lines;
  t.deepEqual(first, { kind: 'step', text: '99000 steps are not shown' });
  t.deepEqual(second, { kind: 'step', text: 'step 99000' });
  t.is(lines.at(-1)?.kind, 'done');
});
