// The NFS watchdog with a file system that answers, hangs (a pipe that nobody opens at its other end) and fails.
import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { waitForText } from '../../lab/machines/wait-for-text.ts';
import { $ } from '../../scripts/run.ts';
import { createNodeSide, type NodeSide } from './keepers.ts';

test.before((t) => {
  t.timeout(120_000);
});

async function start(limit: number, probe: (node: NodeSide) => string): Promise<NodeSide> {
  const node = await createNodeSide(`quiet walt.nfs.watchdog=${limit} panic=30`);
  await $`mkfifo ${node.folder}/hung`;
  const reboot = await node.script('reboot', `echo rebooted >> ${node.folder}/reboots; sleep 60`);
  node.start('walt-fs-watchdog', {
    env: {
      WALT_PROBE: await node.script('probe', `echo >> ${node.folder}/probes; ${probe(node)}`),
      WALT_PROBE_SECONDS: '1',
      WALT_REBOOT: reboot,
    },
  });
  return node;
}

const read = (node: NodeSide, name: string) => () =>
  readFile(join(node.folder, name), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    return '';
  });

for (const [what, probe] of [
  ['hangs', (node: NodeSide) => `cat ${node.folder}/hung`],
  ['fails', () => 'false'],
] as const) {
  test(`walt-fs-watchdog reboots when the root file system ${what}`, async (t) => {
    const node = await start(2, probe);
    try {
      await waitForText(read(node, 'reboots'), /rebooted/, { what: 'reboots', seconds: 60 });
      t.regex(
        await read(node, 'kmsg')(),
        /^<1>walt: the server has not served the root file system for 2 s/m,
      );
    } finally {
      await node.remove();
    }
  });
}

test('walt-fs-watchdog leaves a node alone whose root file system answers, at last', async (t) => {
  // Hangs once, for longer than a probe's turn but not for the limit.
  const node = await start(
    8,
    ({ folder }) => `[ -e ${folder}/once ] || { touch ${folder}/once; sleep 4; }`,
  );
  try {
    await waitForText(read(node, 'probes'), /^\n{10}/, { what: 'probes', seconds: 90 });
    await t.throwsAsync(access(join(node.folder, 'reboots')));
  } finally {
    await node.remove();
  }
});

test('walt-fs-watchdog does nothing when told so', async (t) => {
  const node = await start(0, () => 'false');
  try {
    await sleep(3000);
    await t.throwsAsync(access(join(node.folder, 'reboots')));
  } finally {
    await node.remove();
  }
});

test('walt-fs-probe asks the file system, whatever is in it', async (t) => {
  const node = await createNodeSide('');
  try {
    const probe = join(import.meta.dirname, '../../buildroot-overlay/bin/walt-fs-probe');
    t.is((await $({ nothrow: true })`busybox sh ${probe} ${node.folder}`).exitCode, 0);
    t.not((await $({ nothrow: true })`busybox sh ${probe} ${node.folder}/absent`).exitCode, 0);
  } finally {
    await node.remove();
  }
});
