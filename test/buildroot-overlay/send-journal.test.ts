// What a node sends of its system, under the real busybox: walt-send-journal to the real server and log on loopback, walt-netconsole as far as
// modprobe. Stand-ins for journalctl and modprobe say what they were asked.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { OVERLAY_BIN } from './keepers.ts';
import { openLogNode } from './log-node.ts';

const JOURNALCTL = '#!/bin/sh\necho "$@"\necho sshd started\n';

async function until(isSo: () => Promise<boolean>): Promise<boolean> {
  for (let tries = 0; tries < 600; tries += 1) {
    if (await isSo()) return true;
    await sleep(50);
  }
  return false;
}

test('walt-send-journal waits for the journal, sends all of it, and goes on when journalctl ends', async (t) => {
  t.timeout(120_000);
  const { serve, lines, node, variables } = await openLogNode(t);
  const { port } = await serve();
  const program = join(node.folder, 'journalctl');
  await writeFile(program, JOURNALCTL);
  await chmod(program, 0o755);
  const journals = join(node.folder, 'journals');
  await mkdir(join(journals, 'another'), { recursive: true });
  await writeFile(join(journals, 'another/system.journal'), '');
  await writeFile(join(node.folder, 'machine-id'), 'this\n');
  const child = spawn(join(OVERLAY_BIN, 'walt-send-journal'), [], {
    env: {
      ...variables(port),
      PATH: `${node.folder}:${process.env.PATH}`,
      WALT_JOURNALS: `${node.folder}/none ${journals}`,
      WALT_MACHINE_ID: join(node.folder, 'machine-id'),
      WALT_JOURNAL_FOLDER: node.folder,
      WALT_KMSG: join(node.folder, 'kmsg'),
    },
    detached: true,
  });
  t.teardown(() => process.kill(-(child.pid ?? 0), 'SIGKILL'));
  await sleep(1500);
  t.deepEqual(await lines(), []);
  await mkdir(join(journals, 'this'));
  await writeFile(join(journals, 'this/system.journal'), '');
  t.true(await until(async () => (await lines()).length >= 4), (await lines()).join('\n'));
  t.deepEqual((await lines()).slice(0, 4), [
    'journal: --follow --boot --quiet --output=short-precise --no-tail',
    'journal: sshd started',
    'journal: --follow --boot --quiet --output=short-precise --lines=0',
    'journal: sshd started',
  ]);
});

test('walt-send-journal says where an image has no journal', async (t) => {
  const { node, variables } = await openLogNode(t);
  const kmsg = join(node.folder, 'kmsg');
  const child = spawn(join(OVERLAY_BIN, 'walt-send-journal'), [], {
    env: { ...variables(1), PATH: node.folder, WALT_KMSG: kmsg },
  });
  const [code] = await once(child, 'exit');
  t.is(code, 1);
});

const ARP = `IP address       HW type     Flags       HW address            Mask     Device
192.0.2.9        0x1         0x2         52:54:00:00:00:09     *        eth1
192.0.2.1        0x1         0x2         52:54:00:00:00:01     *        eth0
`;
const NO_WAY = ARP.replace('52:54:00:00:00:01', '00:00:00:00:00:00');
const ASKED = 'netconsole netconsole=6665@192.0.2.2/eth0,12342@192.0.2.1/52:54:00:00:00:01\n';

for (const { facts, arp = ARP, modprobe = 'exit 0', asked, said, drops = asked !== '' } of [
  { facts: 'netconsole=yes', asked: ASKED, said: /^$/ },
  { facts: 'netconsole=no', asked: '', said: /^$/ },
  { facts: '', asked: '', said: /^$/ },
  { facts: 'netconsole=yes', arp: NO_WAY, asked: '', said: /the way to the server is not known/ },
  { facts: 'netconsole=yes', modprobe: 'exit 1', asked: ASKED, said: /no module/, drops: false },
]) {
  test(`walt-netconsole with ${facts} and ${modprobe} asks for '${asked}'; ${said}`, async (t) => {
    const { node } = await openLogNode(t);
    const file = (name: string) => join(node.folder, name);
    await writeFile(file('facts'), `address=192.0.2.2\n${facts}\n`);
    await writeFile(file('arp'), arp);
    await writeFile(file('asked'), '');
    await writeFile(file('kmsg'), '');
    await writeFile(file('cmdline'), 'quiet walt.server.ip=192.0.2.1\n');
    await mkdir(file('serial-getty@.service.d'));
    const child = node.start('walt-netconsole', {
      env: {
        WALT_FACTS: file('facts'),
        WALT_ARP: file('arp'),
        WALT_UNITS: node.folder,
        WALT_MODPROBE: await node.script('modprobe', `echo "$@" >>'${file('asked')}'; ${modprobe}`),
      },
    });
    t.deepEqual(await once(child, 'exit'), [0, null]);
    t.is(await readFile(file('asked'), 'utf8'), asked);
    t.regex(await readFile(file('kmsg'), 'utf8'), said);
    const drop = readFile(file('serial-getty@.service.d/zz-walt-netconsole.conf'), 'utf8');
    t.is(
      await drop.then(
        (text) => text.includes('level info'),
        () => false,
      ),
      drops,
    );
  });
}
