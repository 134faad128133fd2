// `npm start` as a user types it: a virtual node boots over the network, and the end leaves nothing, however it comes.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, readlink, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { isAlive } from '../../agent/host/processes/process-identity.ts';
import { namespaceExists } from '../../lab/network/namespace.ts';
import { readRecord } from '../../lab/platform/record.ts';
import { $ as shell } from '../../scripts/run.ts';
import { createNamespace } from '../support/namespace.ts';

const $ = shell({ nothrow: true });
const NAMESPACE = `walt-test-start-${process.pid}`;

/** A state folder of its own, and the options that keep this platform apart from any other. */
async function place(t: ExecutionContext) {
  t.timeout(30 * 60_000);
  const state = await mkdtemp(join(tmpdir(), 'walt-test-start-'));
  const options = ['--state', state, '--namespace', NAMESPACE];
  t.teardown(async () => {
    await $`npm stop -- ${options}`;
    await rm(state, { recursive: true });
  });
  return { state, options };
}

/** All that is in the namespace or names the state folder; empty when nothing is left. */
async function traces(state: string, namespace: string): Promise<string[]> {
  const found = (await namespaceExists(NAMESPACE)) ? [NAMESPACE] : [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const link = await readlink(`/proc/${pid}/ns/net`).catch(() => '');
    const text = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (link === namespace || text.includes(state)) found.push(text.replaceAll('\0', ' '));
  }
  const mounts = (await readFile('/proc/self/mountinfo', 'utf8')).split('\n');
  return [...found, ...mounts.filter((line) => line.includes(NAMESPACE) || line.includes(state))];
}

/** The link that /proc shows for processes in the platform's namespace. */
async function namespaceLink(): Promise<string> {
  const { ino } = await stat(`/run/netns/${NAMESPACE}`);
  return `net:[${ino}]`;
}

test.serial(
  'npm start boots a virtual node, says so when it runs, and npm stop leaves nothing',
  async (t) => {
    const { state, options } = await place(t);
    const start = await $`npm start -- --detach ${options}`;
    t.is(start.exitCode, 0, start.stdout + start.stderr);
    t.regex(start.stdout, /pc-1 is booted/);
    t.regex(start.stdout, /bin\/walt node show --all/);

    const nodes = await $`${state}/bin/walt node show --all`;
    t.regex(nodes.stdout, /pc-1 +virtual +pc-x86-64 .*yes/);

    // As it was told to be typed. The next start waits for the node by this name.
    await $`${state}/bin/walt device rename pc-1 my-node`;
    const detached = await $`npm start -- --detach ${options}`;
    t.regex(detached.stdout, /runs already/);
    t.is(detached.exitCode, 0);
    const again = await $`npm start -- ${options}`;
    t.regex(again.stdout, /runs already.*npm stop/s);
    t.is(again.exitCode, 1);

    const link = await namespaceLink();
    t.not((await traces(state, link)).length, 0);
    const stop = await $`npm stop -- ${options}`;
    t.is(stop.exitCode, 0, stop.stderr);
    t.deepEqual(await traces(state, link), []);

    const second = await $`npm start -- --detach ${options}`;
    t.is(second.exitCode, 0, second.stdout + second.stderr);
    t.regex(second.stdout, /my-node is booted/);
    const all = await $`${state}/bin/walt node show --all`;
    t.is(all.stdout.match(/ virtual /g)?.length, 1, all.stdout);
  },
);

test.serial(
  'npm start ends by ctrl-C, an impatient second one too, and leaves nothing',
  async (t) => {
    const { state, options } = await place(t);
    const platform = spawn('npm', ['start', '--', '--no-node', ...options], {
      detached: true,
      stdio: 'ignore',
    });
    const ended = once(platform, 'exit');
    await untilReady(state);
    const link = await namespaceLink();
    for (let press = 0; press < 2; press += 1) {
      process.kill(-(platform.pid ?? 0), 'SIGINT');
      await sleep(100);
    }
    await ended;
    t.deepEqual(await traces(state, link), []);
  },
);

test.serial('npm start clears away what a platform killed by force has left', async (t) => {
  const { state, options } = await place(t);
  const first = await $`npm start -- --detach --no-node ${options}`;
  t.is(first.exitCode, 0, first.stdout + first.stderr);
  const killed = await readRecord(state);
  const { supervisor, server } = killed ?? {};
  if (supervisor === undefined || server === undefined) return t.fail('the record is incomplete');
  process.kill(supervisor.pid, 'SIGKILL');
  t.true(await namespaceExists(NAMESPACE));

  const second = await $`npm start -- --detach --no-node ${options}`;
  t.regex(second.stdout, /Clearing away/);
  t.is(second.exitCode, 0, second.stdout + second.stderr);
  t.false(await isAlive(server));
  const link = await namespaceLink();
  await $`npm stop -- ${options}`;
  t.deepEqual(await traces(state, link), []);
});

test.serial('npm start leaves a namespace alone that is not its own', async (t) => {
  const { options } = await place(t);
  const foreign = await createNamespace(NAMESPACE);
  t.teardown(() => foreign.remove());
  const { exitCode, stderr } = await $`npm start -- --no-node ${options}`;
  t.is(exitCode, 1);
  t.regex(stderr, /there already.*ip netns delete/s);
  t.true(await namespaceExists(NAMESPACE));
});

test('npm start names an option that it does not know', async (t) => {
  const { exitCode, stderr } = await $`npm start -- --colour`;
  t.is(exitCode, 1);
  t.regex(stderr, /--colour.*--help/s);
});

async function untilReady(state: string): Promise<void> {
  for (let tries = 0; tries < 1200; tries += 1) {
    if ((await readRecord(state))?.isReady) return;
    await sleep(500);
  }
  throw new Error('Waited 600 s for the platform to be ready');
}
