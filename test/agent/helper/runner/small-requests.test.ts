// What the runner does for a server that is not root: serial lines of boards, the operator's program for power, and looks at which files
// are in memory.
import { mkdir, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { openOwnLine } from '../../../../agent/consoles/open-line.ts';
import { parse } from '../../../../agent/helper/runner/messages.ts';
import { unitFileMemory } from '../../../../agent/helper/runner/unit-file-memory.ts';
import { unitLineOpener } from '../../../../agent/helper/runner/unit-lines.ts';
import { unitPowerRunner } from '../../../../agent/helper/runner/unit-power.ts';
import { runProgram } from '../../../../agent/host/processes/program.ts';
import { PowerRefused } from '../../../../agent/power/driver.ts';
import { Background } from '../../../../lab/programs/background.ts';
import { runRunner } from '../../../support/helper/run-runner.ts';
import { eventually } from '../../../support/lab.ts';
import { createNamespace } from '../../../support/namespace.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const MAC = '52:54:00:00:00:11';
const IP = '192.168.152.11';
const PROGRAM = `#!/bin/sh
echo "told $*"; echo "trouble" >&2; [ "$1" != off ] || exit 3; echo on
`;

async function runner(t: ExecutionContext, name: string, config: object = {}) {
  const state = join(await temporaryFolder(t), 'state');
  await mkdir(state);
  const namespace = await createNamespace(`wline-${name}-${process.pid}`);
  t.teardown(() => namespace.remove());
  const running = await runRunner(t, {
    state,
    ...{ namespace: namespace.name, address: '192.168.152.1/24', config },
  });
  return { state, ...running };
}

/** A serial line as it looks to programs: a terminal, whose other end is the board's. */
async function line(t: ExecutionContext, name: string) {
  const folder = await temporaryFolder(t);
  const [ours, board] = [join(folder, 'ours'), join(folder, 'board')];
  const pair = new Background([
    'socat',
    `pty,raw,echo=0,link=${ours}`,
    `pty,raw,echo=0,link=${board}`,
  ]);
  t.teardown(() => pair.kill());
  const isThere = () =>
    readlink(ours).then(
      () => true,
      () => false,
    );
  await eventually(isThere, Boolean, 20);
  const path = `/dev/serial/by-id/walt-test-${name}-${process.pid}`;
  await mkdir('/dev/serial/by-id', { recursive: true });
  await symlink(await readlink(ours), path);
  t.teardown(() => rm(path, { force: true }));
  const atBoard = new Background(['socat', '-', `${board},raw,echo=0`], { hasInput: true });
  t.teardown(() => atBoard.kill());
  return { path, file: await readlink(ours), atBoard };
}

test('a serial line is read and typed to by way of the runner, until it is closed', async (t) => {
  const { path, file, atBoard } = await line(t, 'way');
  const { socket } = await runner(t, 'way');
  const open = await unitLineOpener(socket)({ path, speed: 115_200 });
  t.is(open.file, file, 'its own name: two devices may not have one line');
  const heard: Uint8Array[] = [];
  const reading = (async () => {
    for await (const bytes of open.bytes) heard.push(bytes);
  })();
  atBoard.child.stdin?.write('U-Boot 2026\n');
  const text = () => Buffer.concat(heard).toString();
  t.is(
    await eventually(
      async () => text(),
      (all) => all.endsWith('\n'),
      20,
    ),
    'U-Boot 2026\n',
  );
  await open.write(Buffer.from('boot\r'));
  await atBoard.waitFor(/boot/);
  open.close();
  await reading;
});

test('the runner opens serial lines alone, and says what is wrong with others', async (t) => {
  const { socket } = await runner(t, 'wrong');
  const open = unitLineOpener(socket);
  const missing = { path: '/dev/ttyUSB199', speed: 115_200 };
  await t.throwsAsync(open(missing), { message: /there is no \/dev\/ttyUSB199/ });
  for (const path of ['/dev/mem', '/etc/shadow', '/dev/serial/by-id/../../mem']) {
    await t.throwsAsync(open({ path, speed: 115_200 }), { message: /knows no such request/ });
  }
  const other = `/dev/serial/by-id/walt-test-disk-${process.pid}`;
  await mkdir('/dev/serial/by-id', { recursive: true });
  await symlink('/dev/null', other);
  t.teardown(() => rm(other, { force: true }));
  await t.throwsAsync(open({ path: other, speed: 115_200 }), { message: /stty/ });
});

test('the runner runs the program for power that the configuration names, and no other', async (t) => {
  const program = join(await temporaryFolder(t), 'relay');
  await writeFile(program, PROGRAM, { mode: 0o755 });
  const { socket } = await runner(t, 'power', { power: { command: program } });
  const run = unitPowerRunner(socket);
  const lines: string[] = [];
  const onLine = (text: string, from: string) => lines.push(`${from}: ${text}`);
  const args = ['status', 'pc-1', '52:54:00:00:00:11', '192.168.152.11'];
  t.is(await run('/bin/false', args, { seconds: 10, onLine }), 'on');
  t.deepEqual(lines.toSorted(), [
    'stderr: trouble',
    'stdout: on',
    `stdout: told ${args.join(' ')}`,
  ]);
  await t.throwsAsync(run(program, ['off', ...args.slice(1)], { seconds: 10, onLine }), {
    message: /relay ended with status 3/,
  });
  await rm(program);
  const failure = await t.throwsAsync(run(program, args, { seconds: 10, onLine }));
  t.true(failure instanceof PowerRefused, 'nothing was done');
});

test('without a program for power the runner says so', async (t) => {
  const { socket } = await runner(t, 'none');
  const run = unitPowerRunner(socket)('/bin/true', ['on', 'pc-1', MAC, IP], {
    ...{ seconds: 10, onLine: () => undefined },
  });
  await t.throwsAsync(run, { message: /names no power\.command/ });
});

const WRONG = [
  ['--config=/x'],
  ['on', '--force', MAC, IP],
  ['off', 'pc-1', 'x', IP],
  ['on', 'pc-1', MAC, '$(id)'],
  ['on', 'pc-1', MAC, IP, 'two\nlines'],
];
for (const args of WRONG) {
  test(`the runner takes no words for power but those of its form: ${JSON.stringify(args)}`, (t) => {
    const line = JSON.stringify({ verb: 'power-program', args, seconds: 1 });
    t.is(parse.request(line), undefined);
    const good = { verb: 'power-program', args: ['on', 'pc-1', MAC, IP, 'port 3'], seconds: 1 };
    t.deepEqual(parse.request(JSON.stringify(good)) as unknown, good);
    t.is(parse.request(JSON.stringify({ ...good, seconds: 601 })), undefined);
  });
}

test('the console of the machine itself is no line of a board', async (t) => {
  const active = (await readFile('/sys/class/tty/console/active', 'utf8').catch(() => '')).trim();
  const name = active.split(' ').find((each) => /^tty[A-Z]+\d+$/.test(each));
  if (name === undefined) {
    t.log(`not tried: the kernel's console is on no serial line here (${active})`);
    return t.pass();
  }
  await t.throwsAsync(openOwnLine({ path: `/dev/${name}`, speed: 115_200 }), {
    message: /console of this machine itself|there is no/,
  });
});

test('the runner says which files of an image are in memory, and lets them go', async (t) => {
  const { state, socket } = await runner(t, 'memory');
  const image = join(state, 'images/key/fs');
  await mkdir(join(image, 'usr'), { recursive: true });
  const names = Array.from({ length: 1200 }, (_, number) => `usr/file-${number}`);
  for (const name of names) await writeFile(join(image, name), 'x'.repeat(5000));
  // What is not on disk yet stays in memory.
  await runProgram('sync', ['--file-system', image]);
  const memory = unitFileMemory(socket, state);
  const found = await memory.resident(image);
  t.is(found.size, names.length);
  t.is(found.get('usr/file-7'), 5000);
  await memory.evict(image);
  t.is((await memory.resident(image)).size, 0);
  await t.throwsAsync(async () => memory.resident('/etc'), { message: /Cannot ask a helper/ });
});
