// The keeper that feeds the watchdog of the hardware, and the initrd's guard before it: under the real busybox, with a file in place
// of the watchdog. test/matrix/pc/watchdog.test.ts has one that resets a machine.
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { waitForText } from '../../lab/machines/wait-for-text.ts';
import { Background } from '../../lab/programs/background.ts';
import { createNodeSide } from './keepers.ts';

const INIT = join(import.meta.dirname, '../../boot-artifacts/initrd/init');

test.before((t) => {
  t.timeout(120_000);
});

async function keep(cmdline: string) {
  const node = await createNodeSide(cmdline);
  const device = join(node.folder, 'watchdog');
  await writeFile(device, '');
  const env = { WALT_WATCHDOG: device, WALT_FEED_SECONDS: '0.2' };
  const child = node.start('walt-watchdog', { env });
  return { node, child, fed: () => readFile(device, 'utf8') };
}

test('walt-watchdog feeds again and again, and disarms the watchdog where the system goes down in order', async (t) => {
  const { node, child, fed } = await keep('quiet');
  try {
    await waitForText(fed, /^\n{5}/, { what: 'watchdog', seconds: 60 });
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await ended;
    t.regex(await fed(), /^\n+V$/);
  } finally {
    await node.remove();
  }
});

test('walt-watchdog that is killed leaves the watchdog armed', async (t) => {
  const { node, child, fed } = await keep('quiet');
  try {
    await waitForText(fed, /^\n/, { what: 'watchdog', seconds: 60 });
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
    t.notRegex(await fed(), /V/);
  } finally {
    await node.remove();
  }
});

test('walt-watchdog leaves the watchdog to the image where it is told so', async (t) => {
  const { node, fed } = await keep('quiet walt.watchdog=0');
  try {
    await sleep(2000);
    t.is(await fed(), '');
  } finally {
    await node.remove();
  }
});

/** Runs the guard of the initrd: `feeds` pauses of 0.1 s until the node has had its time. */
async function guard(cmdline: string, feeds: number) {
  const node = await createNodeSide(cmdline);
  const device = join(node.folder, 'watchdog');
  const script = (await readFile(INIT, 'utf8'))
    .replaceAll('/proc/cmdline', join(node.folder, 'cmdline'))
    .replaceAll('/dev/watchdog', device)
    .replaceAll('/run/never', join(node.folder, 'never'))
    .replace('export PATH=/bin', `export PATH=${node.folder}/bin`)
    .replaceAll('pause 4', 'pause 0.1')
    .replaceAll('pause 1\n', 'pause 0.1\n')
    .replace(/\nmain\n$/, `\nseconds=${feeds * 4 - 600}\nguard\n`);
  await writeFile(join(node.folder, 'guard'), script);
  const runs = new Background(['busybox', 'sh', join(node.folder, 'guard')]);
  const fed = () => readFile(device, 'utf8').catch(() => '');
  const end = async () => {
    await runs.kill();
    await node.remove();
  };
  return { device, runs, fed, end };
}

test('the guard of the initrd waits for the watchdog, feeds it for as long as a start may take, and then no more', async (t) => {
  const { device, fed, end } = await guard('quiet', 5);
  try {
    await sleep(500);
    t.is(await fed(), '');
    await writeFile(device, '');
    await waitForText(fed, /^\n{5}/, { what: 'watchdog', seconds: 60 });
    await sleep(1500);
    t.is(await fed(), '\n'.repeat(5));
  } finally {
    await end();
  }
});

test('the guard of the initrd feeds on for a system that does not take it over', async (t) => {
  const { device, runs, fed, end } = await guard('quiet', 3);
  try {
    await writeFile(device, '');
    await waitForText(fed, /^\n/, { what: 'watchdog', seconds: 60 });
    runs.child.kill('SIGUSR1');
    await waitForText(fed, /^\n{10}/, { what: 'watchdog', seconds: 60 });
    t.pass();
  } finally {
    await end();
  }
});

test('the guard of the initrd disarms the watchdog where a system that did not take it over goes down in order', async (t) => {
  const { device, runs, fed, end } = await guard('quiet', 1000);
  try {
    await writeFile(device, '');
    await waitForText(fed, /^\n{2}/, { what: 'watchdog', seconds: 60 });
    const ended = once(runs.child, 'exit');
    runs.child.kill('SIGTERM');
    await ended;
    t.regex(await fed(), /^\n+V$/);
  } finally {
    await end();
  }
});

test('the guard of the initrd feeds nothing where the watchdog is left to the image', async (t) => {
  const { device, fed, end } = await guard('quiet walt.watchdog=0', 3);
  try {
    await writeFile(device, '');
    await sleep(2000);
    t.is(await fed(), '');
  } finally {
    await end();
  }
});
