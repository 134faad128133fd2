import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { ImageError } from '../../../../agent/errors.ts';
import type { ServerEvent } from '../../../../agent/events/event.ts';
import { DefaultImages } from '../../../../agent/images/intake/default-images.ts';
import { logLines } from '../../../../agent/journal/log-lines.ts';

/** @param answers what the first pulls end with; those after succeed */
function open(answers: readonly (Error | 'ok')[] = []) {
  const pulls: string[] = [];
  const lines: string[] = [];
  const held: (() => void)[] = [];
  const wanted = new Set<string>();
  const images = new DefaultImages({
    imageOf: (model) => `waltplatform/${model}-default:latest`,
    waiting: () => [...wanted],
    publish: (events: readonly ServerEvent[]) => {
      lines.push(...events.flatMap(logLines).map(({ line }) => line));
    },
    fetch: async (model, { progress, signal }) => {
      const answer = answers[pulls.length] ?? 'ok';
      pulls.push(model);
      progress('fetched 50 % of 200 MB');
      await new Promise<void>((resolve) => {
        held.push(resolve);
        signal.addEventListener('abort', () => resolve());
      });
      signal.throwIfAborted();
      if (answer !== 'ok') throw answer;
      // The machines that waited are nodes now.
      wanted.delete(model);
    },
    pauses: [5, 10],
  });
  const finish = async () => {
    await until(() => held.length > 0);
    held.shift()?.();
    await sleep(1);
  };
  return { images, pulls, lines, wanted, finish, held };
}

async function until(isSo: () => boolean): Promise<void> {
  for (let tries = 0; !isSo() && tries < 1000; tries += 1) await sleep(2);
}

test('DefaultImages makes one pull for many machines of a model', async (t) => {
  const { images, pulls, finish } = open();
  for (let board = 0; board < 20; board += 1) images.want('rpi-4-b');
  await finish();
  t.deepEqual(pulls, ['rpi-4-b']);
  t.is(images.noteOf('rpi-4-b'), undefined);
});

test('DefaultImages tells how it stands, in the log and in the note of the machine', async (t) => {
  const { images, lines, finish } = open();
  images.want('rpi-4-b');
  await until(() => lines.length === 2);
  t.is(images.noteOf('rpi-4-b'), 'fetched 50 % of 200 MB');
  t.deepEqual(lines, [
    'image waltplatform/rpi-4-b-default:latest: looking for it',
    'image waltplatform/rpi-4-b-default:latest: fetched 50 % of 200 MB',
  ]);
  await finish();
});

test('DefaultImages tries again what failed, later and later, and says why', async (t) => {
  const failure = new ImageError('Cannot find image x:', ['hub: it is away', 'disk: not there']);
  const { images, pulls, lines, wanted, finish } = open([failure, failure, failure]);
  wanted.add('rpi-4-b');
  images.want('rpi-4-b');
  for (let tries = 0; tries < 3; tries += 1) await finish();
  await until(() => lines.filter((line) => line.includes('next try')).length === 3);
  const failures = lines.filter((line) => line.includes('next try'));
  t.regex(
    failures[0] ?? '',
    /: Cannot find image x: hub: it is away; disk: not there \(next try in 0\.005 s\)$/,
  );
  t.regex(failures[1] ?? '', /0\.01 s/);
  t.regex(failures[2] ?? '', /0\.01 s/);
  await finish();
  t.is(pulls.length, 4);
  t.is(images.noteOf('rpi-4-b'), undefined);
});

test('DefaultImages gives up what no machine waits for any more', async (t) => {
  const { images, pulls, finish } = open([new Error('away')]);
  images.want('rpi-4-b');
  await finish();
  t.regex(images.noteOf('rpi-4-b') ?? '', /^away; it is tried again$/);
  await until(() => images.noteOf('rpi-4-b') === undefined);
  await sleep(20);
  t.is(pulls.length, 1);
});

test('DefaultImages pulls two at a time, and is not drowned by models that nobody has', async (t) => {
  const { images, pulls, held } = open();
  for (let model = 0; model < 500; model += 1) images.want(`model-${model}`);
  await until(() => pulls.length === 2);
  await sleep(10);
  t.is(pulls.length, 2);
  t.is(images.noteOf('model-31'), 'waiting for other images to be fetched');
  t.is(images.noteOf('model-32'), undefined);
  await images.stop();
  t.is(pulls.length, 2);
  t.is(held.length, 2);
});

/** Models that nobody has, each announced by a machine; all that are tried have failed. */
async function drowned() {
  const failures = Array.from({ length: 400 }, () => new Error('no such image'));
  const opened = open(failures);
  for (let model = 0; model < 32; model += 1) {
    opened.wanted.add(`made-up-${model}`);
    opened.images.want(`made-up-${model}`);
  }
  return opened;
}

test('DefaultImages gives the place of a model that failed to one that comes', async (t) => {
  const { images, pulls, wanted, finish } = await drowned();
  await finish();
  wanted.add('new-board');
  images.want('new-board');
  for (let round = 0; round < 40 && !pulls.includes('new-board'); round += 1) await finish();
  t.true(pulls.includes('new-board'));
  await images.stop();
});

test('DefaultImages fetches for a model that is known before all that are not, at once', async (t) => {
  const { images, pulls, wanted, finish } = await drowned();
  await until(() => pulls.length === 2);
  wanted.add('rpi-4-b');
  images.want('rpi-4-b');
  await finish();
  await until(() => pulls.length === 3);
  t.is(pulls[2], 'rpi-4-b');
  await images.stop();
});

test('DefaultImages tries what found no place once there is one', async (t) => {
  const { images, pulls, wanted, finish } = await drowned();
  wanted.add('late-board');
  images.want('late-board');
  for (let round = 0; round < 80 && !pulls.includes('late-board'); round += 1) await finish();
  t.true(pulls.includes('late-board'));
  await images.stop();
});
