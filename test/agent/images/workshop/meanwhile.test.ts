// Work on an image takes a while, and somebody else works on it too: nobody overwrites what they have not seen, and an
// image that was removed does not come back.

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { RequestError } from '../../../../agent/errors.ts';
import type { Image } from '../../../../agent/images/content/image.ts';
import { ownContainers } from '../../../../agent/images/workshop/own-containers.ts';
import { buildWorkbench } from '../../../../agent/images/workshop/workbench.ts';
import { openImageStore } from '../../../support/images/image-store.ts';
import { makeTinyImage } from '../../../support/images/tiny-image.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const WEB = 'alice/web:latest';
const OTHER = 'bob/other:latest';
const user = 'alice';
const quiet = { containers: ownContainers, registries: [], clock: () => 1, note: () => undefined };
const signal = new AbortController().signal;

/** Alice has an image, and bob one with other content; `archives` has a third. */
async function lab(t: ExecutionContext) {
  const folder = await temporaryFolder(t);
  const archives = join(folder, 'archives');
  const opened = await openImageStore(folder, {
    registries: [{ name: 'built', folder: archives }],
  });
  const { store, progress } = opened;
  const make = (name: string, kernel: string) =>
    makeTinyImage(join(folder, name), { name, contents: { 'boot/pc-x86-64/kernel': kernel } });
  const image = await store.import(await make('one', '1'), { name: WEB, progress });
  const other = await store.import(await make('two', '2'), { name: OTHER, progress });
  const third = await makeTinyImage(archives, {
    name: 'lab/third:latest',
    contents: { 'boot/pc-x86-64/kernel': '3' },
  });
  const dockerfile = join(folder, 'context');
  await mkdir(dockerfile);
  await writeFile(join(dockerfile, 'Dockerfile'), 'FROM alice/web\nCOPY Dockerfile /built\n');
  const bench = buildWorkbench(store, { ...quiet, nodesOf: () => [] });
  return { ...opened, ...bench, folder, image, other, third, dockerfile };
}

type Lab = Awaited<ReturnType<typeof lab>>;
type Progress = (step: string) => void;
/** Makes an image of WEB, or one of that name; calls `progress` at least once before it is written. */
type Work = (lab: Lab, progress: Progress) => Promise<Image>;

const works: Readonly<Record<string, Work>> = {
  'walt image squash': ({ workshop, image }, progress) => workshop.squash(image, progress),
  'walt image cp': async ({ workshop, image, folder }, progress) => {
    await writeFile(join(folder, 'motd'), 'hello');
    const copy = { source: join(folder, 'motd'), isFolder: false, target: '/motd' };
    return await workshop.copyIn(copy, { image, progress });
  },
  'walt image build --force': ({ workshop, workingSet, dockerfile }, progress) => {
    const target = workingSet.target('web', { user, force: true });
    return workshop.build(dockerfile, { target, progress });
  },
  'walt image clone --force': ({ workingSet }, progress) =>
    workingSet.clone('built:lab/third', { name: 'web', user, force: true, progress, signal }),
  'walt image import': ({ store, third }, progress) => store.import(third, { name: WEB, progress }),
};

/** Starts `work`, and does something else once it runs. */
async function during(
  t: ExecutionContext,
  { work, meanwhile }: { readonly work: Work; readonly meanwhile: (lab: Lab) => Promise<unknown> },
) {
  const all = await lab(t);
  let done: Promise<unknown> | undefined;
  const error = await t.throwsAsync(
    work(all, () => {
      done ??= meanwhile(all);
    }),
    { instanceOf: RequestError },
  );
  await done;
  t.is(error?.status, 409);
  t.deepEqual(await all.rest().then(({ tmp }) => tmp), []);
  return { ...all, message: error?.message ?? '' };
}

for (const [title, work] of Object.entries(works)) {
  test(`${title} does not bring back an image that was removed meanwhile`, async (t) => {
    const { store, message } = await during(t, {
      work,
      meanwhile: ({ store }) => store.remove(WEB),
    });
    t.regex(message, /Cannot save alice\/web:latest: it was removed meanwhile/);
    t.is(store.byName(WEB), undefined);
  });

  test(`${title} does not replace what another made of the image meanwhile`, async (t) => {
    const { store, message, other } = await during(t, {
      work,
      meanwhile: ({ store, image }) => store.alias(OTHER, WEB, image.digest),
    });
    t.regex(message, /the image has changed meanwhile\. Choose another name/);
    t.is(store.byName(WEB)?.digest, other.digest);
  });
}

test('walt image build does not replace an image that was made under its name meanwhile', async (t) => {
  const { store, message, other } = await during(t, {
    work: ({ workshop, workingSet, dockerfile }, progress) =>
      workshop.build(dockerfile, { target: workingSet.target('new', { user }), progress }),
    meanwhile: ({ store }) => store.alias(OTHER, 'alice/new:latest'),
  });
  t.regex(message, /an image of this name was made meanwhile/);
  t.is(store.byName('alice/new:latest')?.digest, other.digest);
});

test('names that are changed at once are changed one after the other', async (t) => {
  const { store, image } = await lab(t);
  const results = await Promise.allSettled([
    store.alias(WEB, 'alice/new:latest'),
    store.alias(OTHER, 'alice/new:latest'),
    store.rename(OTHER, 'alice/new:latest'),
    store.remove(WEB),
    store.alias(WEB, 'alice/late:latest'),
    store.rename(WEB, 'alice/moved:latest'),
    store.markUsed([WEB]),
  ]);
  const kinds = results.map(({ status }) => status === 'fulfilled');
  t.deepEqual(kinds, [true, false, false, true, false, false, true]);
  t.is(store.byName('alice/new:latest')?.digest, image.digest);
  t.deepEqual(
    store
      .all()
      .map(({ name }) => name)
      .toSorted(),
    ['alice/new:latest', OTHER],
  );
});

test('the same content may get the same name twice at once', async (t) => {
  const { store, image } = await lab(t);
  const made = await Promise.all([
    store.alias(WEB, 'alice/new:latest'),
    store.alias(WEB, 'alice/new:latest'),
  ]);
  t.deepEqual(
    made.map(({ digest }) => digest),
    [image.digest, image.digest],
  );
});

test('an image that a node gets meanwhile is neither renamed nor removed', async (t) => {
  const { store } = await lab(t);
  const nodes: string[] = [];
  const { workingSet } = buildWorkbench(store, { ...quiet, nodesOf: () => nodes });
  const before = store.markUsed([WEB]);
  const waiting = [workingSet.rename('web', 'x', user), workingSet.remove('web', user)];
  nodes.push('one');
  await before;
  for (const { status } of await Promise.allSettled(waiting)) t.is(status, 'rejected');
  t.not(store.byName(WEB), undefined);
});
