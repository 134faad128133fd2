// The workshop as a process of its own, with real containers: what people do in images, a server that is killed in the middle, and
// people who mean no good at the other end.
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import test, { type ExecutionContext } from 'ava';
import { ImageError, WaltError } from '../../../../agent/errors.ts';
import { unitContainers } from '../../../../agent/helper/workshop/unit-containers.ts';
import type { ShellProcess } from '../../../../agent/host/processes/shell-process.ts';
import { Workshop } from '../../../../agent/images/workshop/workshop.ts';
import { runWorkshop } from '../../../support/helper/run-workshop.ts';
import { openImageStore } from '../../../support/images/image-store.ts';
import { makeShellImage } from '../../../support/images/shell-image.ts';
import { eventually } from '../../../support/lab.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const SHELL = ['/bin/sh'];
const progress = () => undefined;

async function lab(t: ExecutionContext) {
  const folder = await temporaryFolder(t);
  const { store, rest } = await openImageStore(folder);
  const layout = await makeShellImage(join(folder, 'made'));
  const image = await store.import(layout, { name: 'alice/pc:latest', progress });
  const run = await runWorkshop(t, join(folder, 'state'));
  const workshop = new Workshop(store, run.containers);
  const within = <Result>(use: Parameters<typeof workshop.withContainer<Result>>[1]['use']) =>
    workshop.withContainer(image, { progress, use });
  const contentOf = (name: string, path: string) =>
    readFile(join(store.rootOf(store.keyOf(name) ?? ''), path), 'utf8');
  return { ...run, folder, store, rest, image, workshop, within, contentOf };
}

/** A folder for a build. @returns its path */
async function contextWith(folder: string, dockerfile: string): Promise<string> {
  const context = join(folder, 'context');
  await mkdir(context);
  await writeFile(join(context, 'Dockerfile'), dockerfile);
  return context;
}

/** What a program writes to its end. @param onSaid takes each piece as it comes */
async function saidOf(
  { output }: ShellProcess,
  onSaid: (piece: Buffer) => void = () => undefined,
): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const { bytes } of output) {
    pieces.push(bytes);
    onSaid(bytes);
  }
  return Buffer.concat(pieces).toString();
}

/** Programs of this machine that run in a container whose changes go to a folder below `folder`. */
async function programsIn(folder: string): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const mounts = pids.map((pid) => readFile(`/proc/${pid}/mounts`, 'utf8').catch(() => ''));
  return (await Promise.all(mounts)).filter((table) =>
    table.split('\n').some((line) => / \/ overlay /.test(line) && line.includes(folder)),
  );
}

/** A server asks, and is killed once a program runs in the container: resolves when none does any more. */
async function dieAsking(socket: string, work: string, request: object): Promise<void> {
  const killed = connect(socket);
  killed.on('error', () => undefined);
  killed.write(`${JSON.stringify({ ...request, work: `tmp/${work}` })}\n`);
  await eventually(
    () => programsIn(work),
    (found) => found.length > 0,
    30,
  );
  killed.destroy();
  await eventually(
    () => programsIn(work),
    (found) => found.length === 0,
    30,
  );
}

test('an image is built, changed and squashed in another process, and its steps come as they are', async (t) => {
  const { folder, store, workshop, rest, contentOf } = await lab(t);
  const context = await contextWith(folder, 'FROM alice/pc\nRUN echo one && echo made > /made\n');
  const steps: string[] = [];
  const target = store.target('alice/web');
  const image = await workshop.build(context, { target, progress: (step) => steps.push(step) });
  t.true(steps.includes('one'), steps.join('\n'));
  t.is(await contentOf('alice/web:latest', 'made'), 'made\n');
  await writeFile(join(folder, 'copied'), 'copied\n');
  const copy = { source: join(folder, 'copied'), isFolder: false, target: '/copied' };
  const next = await workshop.copyIn(copy, { image, progress });
  t.is(await contentOf('alice/web:latest', 'copied'), 'copied\n');
  t.is((await workshop.squash(next, progress)).layers.length, 1);
  t.is(await contentOf('alice/web:latest', 'made'), 'made\n');
  t.deepEqual((await rest()).tmp, []);
});

test('a step that fails is a fault of the image, in the words of who builds', async (t) => {
  const { folder, store, workshop, rest } = await lab(t);
  const context = await contextWith(folder, 'FROM alice/pc\nRUN false\n');
  const error = await t.throwsAsync(
    workshop.build(context, { target: store.target('alice/web'), progress }),
    { instanceOf: ImageError },
  );
  t.regex(error?.message ?? '', /^Cannot build what the Dockerfile says: .*RUN false/s);
  t.deepEqual((await rest()).tmp, []);
});

test('somebody works in a shell, on a terminal and on pipes, with all that it writes', async (t) => {
  const { within } = await lab(t);
  const [seen, large] = await within(async ({ inside }) => {
    const mark = await inside.settle(SHELL);
    t.false(await inside.hasChangedSince(mark));
    const terminal = { type: 'vt220', columns: 77, rows: 22 };
    const first = await inside.startShell({ program: SHELL, terminal });
    await first.resize({ columns: 99, rows: 33 });
    await first.write(Buffer.from('echo $TERM > /made; exit 3\n'));
    await saidOf(first);
    t.is(await first.ended, 3);
    t.true(await inside.hasChangedSince(mark));
    const script = 'i=0; while [ $i -lt 20000 ]; do echo "$i: €"; i=$((i+1)); done; cat /made; cat';
    const program = ['/bin/sh', '-c', script];
    const second = await inside.startShell({ program, terminal: undefined });
    // Not at once: buildah drops what nobody has taken when its program ends.
    const said = await saidOf(second, (bytes) => {
      if (!bytes.toString().endsWith('vt220\n')) return;
      void second.write(Buffer.from('to cat\n'));
      second.endInput();
    });
    t.is(await second.ended, 0, said.slice(-200));
    return [said.slice(-14), said.length] as const;
  });
  t.is(seen, 'vt220\nto cat\n'.padStart(14, '\n'));
  t.is(large, [...Array(20_000).keys()].join(': €\n').length + ': €\nvt220\nto cat\n'.length);
});

test('a shell that nobody reads waits, and ends when it is told to', async (t) => {
  const { within } = await lab(t);
  await within(async ({ inside }) => {
    const shell = await inside.startShell({ program: SHELL, terminal: undefined });
    await shell.write(Buffer.from('while :; do echo much; done\n'));
    await shell.end();
    // Ended by a signal, or by buildah, whose shell was.
    t.true([null, 255].includes(await shell.ended));
  });
});

test('of a server that is killed in the middle nothing goes on', async (t) => {
  const { within, socket, folder } = await lab(t);
  const state = join(folder, 'state');
  await within(async ({ inside }) => {
    // The storage is open in this process; another connection stands for that of the server that is killed.
    const [work = ''] = await readdir(join(state, 'tmp'));
    const program = ['/bin/sh', '-c', 'while :; do :; done'];
    await dieAsking(socket, work, { verb: 'shell', program });
    t.is(typeof (await inside.mark()), 'string', 'the container is there still');
  });
});

test('a build whose server is killed ends, and its container goes', async (t) => {
  const { within, socket, folder } = await lab(t);
  const context = await contextWith(folder, 'FROM walt/none\nRUN while :; do :; done\n');
  await t.throwsAsync(
    within(async ({ inside }) => {
      const [work = ''] = await readdir(join(folder, 'state/tmp'));
      const layout = join(folder, 'state/tmp', work, 'layout');
      await inside.provide(layout, 'walt/none');
      await dieAsking(socket, work, { verb: 'build', context });
      await eventually(
        () =>
          inside.mark().then(
            () => true,
            () => false,
          ),
        (isOpen) => !isOpen,
        30,
      );
      await inside.mark();
    }),
    { instanceOf: WaltError, message: /^No container is open in tmp\// },
  );
});

test('a workshop that is killed is said; the next one clears away what it had', async (t) => {
  const { within, program, socket, folder, rest } = await lab(t);
  await within(async ({ inside }) => {
    const shell = await inside.startShell({ program: SHELL, terminal: undefined });
    const said = saidOf(shell);
    await program.kill();
    t.is(await said, '');
    t.is(await shell.ended, null);
    await t.throwsAsync(inside.mark(), {
      instanceOf: WaltError,
      message: /^Cannot reach the workshop at .*walt-workshop\.socket walt-workshop\.service\)$/,
    });
    await runWorkshop(t, join(folder, 'state'), socket);
    await t.throwsAsync(inside.mark(), { message: /^No container is open in tmp\// });
  });
  t.deepEqual((await rest()).tmp, []);
  t.deepEqual(await programsIn(folder), []);
});

test('what is no request is refused, and the workshop goes on', async (t) => {
  const { socket, containers } = await runWorkshop(t, await temporaryFolder(t));
  const answerTo = async (line: string) => {
    const connection = connect({ path: socket, allowHalfOpen: true });
    connection.write(line);
    return await text(connection).catch(() => '');
  };
  const work = 'tmp/work';
  for (const request of [
    '',
    'GET / HTTP/1.1',
    '\0\xff',
    {},
    { verb: 'exec', argv: ['id'] },
    { verb: 'open', work: '../etc' },
    { verb: 'open', work: 'tmp/..' },
    { verb: 'open', work: 'tmp/a/../../b' },
    { verb: 'open', work: '/tmp/a' },
    { verb: 'open', work: 'tmp/a\n' },
    { verb: 'commit', work, layout: 'images/x', squash: false },
    { verb: 'from', work, layout: 'tmp/a/--root=/' },
    { verb: 'provide', work, layout: 'tmp/a/b', name: '--all' },
    { verb: 'copy', work, source: '-x', target: '/' },
    { verb: 'has-changed', work, mark: '/etc/passwd' },
    { verb: 'shell', work, program: [] },
    { verb: 'shell', work, program: ['sh'], terminal: { type: 'x;id', columns: 1, rows: 1 } },
    { verb: 'make-runnable', architecture: '../x' },
  ]) {
    const line = typeof request === 'string' ? request : JSON.stringify(request);
    t.regex(await answerTo(`${line}\n`), /"error":"the workshop knows no such request"/, line);
  }
  t.is(await answerTo('x'.repeat(2 ** 22 + 1)), '');
  await t.throwsAsync(unitContainers(socket, '/x').open('/x/tmp/work/deeper'), {
    message: /knows no such request/,
  });
  await t.throwsAsync(async () => await unitContainers(socket, '/x').open('/etc'), {
    instanceOf: TypeError,
  });
  await t.notThrowsAsync(containers.makeRunnable('amd64'));
});
