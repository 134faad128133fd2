// Shell sessions with real containers: what is saved over what, and what is kept of those who leave without saving.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { RequestError } from '../../../../../agent/errors.ts';
import { endLeftovers } from '../../../../../agent/images/workshop/leftovers.ts';
import { ownContainers } from '../../../../../agent/images/workshop/own-containers.ts';
import { type OpenShell, Shells } from '../../../../../agent/images/workshop/shells/shells.ts';
import { WorkingSet } from '../../../../../agent/images/workshop/working-set.ts';
import { Workshop } from '../../../../../agent/images/workshop/workshop.ts';
import { runProgram } from '../../../../../lab/programs/run-program.ts';
import { openImageStore } from '../../../../support/images/image-store.ts';
import { makeShellImage } from '../../../../support/images/shell-image.ts';
import { temporaryFolder } from '../../../../support/temporary-folder.ts';

const PC = 'alice/pc:latest';
const progress = () => undefined;
const never = { signal: new AbortController().signal, onReady: () => undefined };
const alice = { user: 'alice', force: false, progress };

async function lab(t: ExecutionContext, more: { keepMs?: number; reserve?: number } = {}) {
  const folder = await temporaryFolder(t);
  const { store, rest } = await openImageStore(folder);
  const image = await store.import(await makeShellImage(join(folder, 'made')), {
    name: PC,
    progress,
  });
  const workshop = new Workshop(store, ownContainers);
  const workingSet = new WorkingSet({ images: store, nodesOf: () => [] });
  const notes: string[] = [];
  const note = (name: string, text: string) => notes.push(`${name}: ${text}`);
  const shells = new Shells({
    ...{ workshop, workingSet, images: store, note, clock: () => 5, ...more },
  });
  t.teardown(async () => {
    shells.stop();
    await workshop.idle();
  });
  const contentOf = (name: string, path: string) =>
    readFile(join(store.rootOf(store.keyOf(name) ?? ''), path), 'utf8');
  return { store, rest, image, workshop, shells, notes, contentOf };
}

type Lab = Awaited<ReturnType<typeof lab>>;

/** Somebody at a shell: what they type, and how they leave. */
async function visit(
  { shells, image }: Lab,
  { id, user = 'alice' }: { readonly id?: string; readonly user?: string } = {},
) {
  const gone = new AbortController();
  const { promise, resolve } = Promise.withResolvers<OpenShell>();
  const options = { user, signal: gone.signal, onReady: resolve };
  const over =
    id === undefined ? shells.open(image, { ...options, progress }) : shells.resume(id, options);
  const shell = await Promise.race([promise, over.then(() => promise)]);
  return {
    id: shell.id,
    type: async (script: string) => {
      const running = await shell.start(undefined);
      await running.write(Buffer.from(`${script}\n`));
      running.endInput();
      let said = '';
      for await (const { bytes } of running.output) said += bytes;
      return { said, code: await running.ended };
    },
    leave: async () => {
      gone.abort();
      await over;
    },
  };
}

test.serial(
  'of two shells in one image the second is told that it has changed, and saves it elsewhere',
  async (t) => {
    const all = await lab(t);
    const { shells, store, contentOf } = all;
    const [one, two] = [await visit(all), await visit(all)];
    await one.type('echo one > /made');
    await two.type('echo two > /made');
    await shells.save(one.id, { ...alice, name: 'pc' });
    for (const force of [false, true]) {
      await t.throwsAsync(shells.save(two.id, { ...alice, name: 'pc:latest', force }), {
        instanceOf: RequestError,
        message: /alice\/pc:latest: the image has changed meanwhile\. Choose another name/,
      });
    }
    t.is(await contentOf(PC, 'made'), 'one\n');
    await shells.save(two.id, { ...alice, name: 'second' });
    t.is(await contentOf('alice/second:latest', 'made'), 'two\n');

    await one.type('echo again > /made');
    await shells.save(one.id, { ...alice, name: 'pc' });
    t.is(await contentOf(PC, 'made'), 'again\n', 'what a session saved, it may replace');
    await t.throwsAsync(shells.save(one.id, { ...alice, name: 'second' }), { message: /--force/ });
    await t.throwsAsync(shells.save(one.id, { ...alice, name: 'second', force: true }), {
      message: /an image of this name was made meanwhile/,
    });
    await store.remove(PC);
    await t.throwsAsync(shells.save(one.id, { ...alice, name: 'pc' }), {
      message: /it was removed meanwhile/,
    });
    t.is(store.byName(PC), undefined);
  },
);

test.serial('what was not saved is kept, picked up and saved', async (t) => {
  const all = await lab(t);
  const { shells, notes, contentOf, workshop, rest } = all;
  const first = await visit(all);
  await first.type('echo kept > /made');
  await t.throwsAsync(shells.resume(first.id, { ...alice, ...never }), {
    message: /open on another terminal/,
  });
  await first.leave();
  t.deepEqual(shells.keptOf('alice'), [
    { id: first.id, image: PC, since: 5, until: 5 + 3_600_000_000 },
  ]);
  t.deepEqual(shells.keptOf('bob'), []);
  t.deepEqual(notes, [
    `${PC}: what alice changed in a shell and did not save is kept for 60 minutes`,
  ]);
  await t.throwsAsync(visit(all, { id: first.id, user: 'bob' }), { instanceOf: RequestError });

  const again = await visit(all, { id: first.id });
  t.deepEqual(shells.keptOf('alice'), []);
  t.is((await again.type('cat /made')).said, 'kept\n');
  await again.leave();
  await shells.save(first.id, { ...alice, name: 'pc' });
  t.is(await contentOf(PC, 'made'), 'kept\n');
  await workshop.idle();
  t.deepEqual(shells.keptOf('alice'), [], 'what is saved needs no keeping');
  t.deepEqual((await rest()).tmp, []);
});

test.serial(
  'nothing is kept of a shell that changed nothing, that was saved, or that is not wanted',
  async (t) => {
    const all = await lab(t);
    const { shells, workshop, notes, rest } = all;
    const idle = await visit(all);
    await idle.type('ls /; cat /etc/hosts');
    await idle.leave();
    const saved = await visit(all);
    await saved.type('echo saved > /made');
    await shells.save(saved.id, { ...alice, name: 'pc' });
    await saved.leave();
    const dropped = await visit({ ...all, image: all.store.byName(PC) ?? all.image });
    await dropped.type('rm /made');
    shells.drop(dropped.id, 'alice');
    await dropped.leave();
    await workshop.idle();
    t.deepEqual(notes, []);
    t.deepEqual((await rest()).tmp, []);
  },
);

test.serial(
  'a shell that was changed by a removal is kept; three of a user, the newest',
  async (t) => {
    const all = await lab(t);
    const { shells, notes } = all;
    const ids: string[] = [];
    for (let round = 0; round < 4; round += 1) {
      const one = await visit(all);
      await one.type('rm /bin/uname');
      await one.leave();
      ids.push(one.id);
    }
    t.deepEqual(
      shells.keptOf('alice').map(({ id }) => id),
      ids.slice(1),
    );
    t.is(notes.filter((text) => text.includes('is lost: there are newer ones')).length, 1);
    shells.drop(ids[1] ?? '', 'alice');
    t.is(shells.keptOf('alice').length, 2);
    t.throws(() => shells.drop(ids[1] ?? '', 'alice'), { instanceOf: RequestError });
    shells.stop();
    t.is(notes.filter((text) => text.includes('is lost: the server stops')).length, 2);
  },
);

test.serial('what nobody picks up ends, and the log says so', async (t) => {
  const all = await lab(t, { keepMs: 1 });
  const one = await visit(all);
  await one.type('echo lost > /made');
  await one.leave();
  await all.workshop.idle();
  t.regex(all.notes.at(-1) ?? '', /is lost: nobody picked it up/);
  t.deepEqual((await all.rest()).tmp, []);
});

test.serial('nothing is kept where the disk is full', async (t) => {
  const all = await lab(t, { reserve: Number.MAX_SAFE_INTEGER });
  const one = await visit(all);
  await one.type('echo lost > /made');
  await one.leave();
  await all.workshop.idle();
  t.regex(all.notes.join(), /is lost: the disk is full/);
});

test.serial('a shell gives what an image brings no rights over this machine', async (t) => {
  const all = await lab(t);
  const opened = await visit(all);
  const { said } = await opened.type(
    'while read -r from to kind how; do echo "$to $kind $how"; done < /proc/self/mounts',
  );
  t.regex(said, /^\/ overlay rw,nosuid,nodev/m);
});

test.serial('endLeftovers() ends what a killed server left running in a container', async (t) => {
  t.timeout(60_000);
  const all = await lab(t);
  const opened = await visit(all);
  const typing = opened.type('echo begun > /begun; while :; do echo more > /made; done');
  const tmp = join(all.store.folder, 'tmp');
  const begun = async () =>
    (await runProgram(['find', tmp, '-xdev', '-path', '*/diff/begun'])).said !== '';
  while (!(await begun()));
  await endLeftovers(tmp);
  t.not((await typing).code, 0);
});
