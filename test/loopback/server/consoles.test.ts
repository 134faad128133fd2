// Consoles on the real server: what boards say by UDP and below IP, over kill -9, an orderly end and a hand-over of the server.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import type { Lab } from '../../../lab/lab.ts';
import { ip } from '../../../lab/network/ip.ts';
import { Background } from '../../../lab/programs/background.ts';
import { succeed } from '../../../lab/programs/run-program.ts';
import { eventually, openLab } from '../../support/lab.ts';
import { plugMachine } from '../../support/namespace.ts';

const SERVER = '192.168.152.1';
const BOARD = { mac: 'dc:a6:32:00:00:01', ip: '192.168.152.2' };

async function dump(lab: Lab): Promise<string> {
  return await lab.walt('node', 'console', 'board', '--dump');
}

test('a board is heard from its EEPROM to its kernel, whatever becomes of the server', async (t) => {
  t.timeout(5 * 60_000);
  const lab = await openLab(t, 'consoles', { images: { registries: [] } });
  const board = await plugMachine(lab.namespace, {
    name: `walt-lab-consoleb-${process.pid}`,
    card: { name: 'card', mac: BOARD.mac, port: 'port' },
  });
  t.teardown(() => board.remove());
  await lab.startServer();
  const client = board.command([
    'busybox',
    'udhcpc',
    '-i',
    'card',
    '-n',
    '-q',
    '-f',
    '-s',
    '/bin/true',
  ]);
  await succeed(client);
  const shown = JSON.parse(await lab.walt('device', 'show', '--json'));
  const device = shown.devices.find(({ mac }: { mac: string }) => mac === BOARD.mac);
  await lab.walt('device', 'rename', device.name, 'board');
  await ip('-n', board.name, 'address', 'add', `${device.ip}/24`, 'dev', 'card');
  const say = (to: string, text: string) =>
    succeed(board.command(['socat', '-u', 'STDIN', to]), { input: text });
  const seen = (pattern: RegExp) =>
    eventually(
      () => dump(lab),
      (text) => pattern.test(text),
      30,
    );

  // Below IP: from an address that is not of walt-net, to everybody.
  await ip('-n', board.name, 'address', 'add', '169.254.1.1/32', 'dev', 'card');
  await say(
    'UDP-DATAGRAM:255.255.255.255:6666,broadcast,bind=169.254.1.1:6665,so-bindtodevice=card',
    'Boot mode: NETWORK (02)\n',
  );
  await seen(/\[walt: eeprom, [\d:.]+\]\r\nBoot mode: NETWORK \(02\)\r\n/);
  await say(`UDP:${SERVER}:514,bind=${device.ip}`, '<30>ipxe: Configuring (net0)');
  await seen(/\[walt: ipxe, [\d:.]+\]\r\nConfiguring \(net0\)\r\n/);
  await say(`UDP:${SERVER}:514,bind=${device.ip}`, '<30>root: no console');
  await say(`UDP:${SERVER}:12342,bind=${device.ip}`, '6,416,1758426,-;Linux\x1b[2J version\n');
  await seen(/\[walt: kernel, [\d:.]+\]\r\nLinux/);

  await lab.endServer('SIGKILL');
  await lab.startServer();
  const watching = new Background(lab.waltCommand('node', 'console', 'board', '--history', '50'));
  t.teardown(() => watching.kill());
  await watching.waitFor(/Linux/);
  await lab.handOver();
  await say(`UDP:${SERVER}:12342,bind=${device.ip}`, 'after the hand-over\n');
  await watching.waitFor(/after the hand-over/, 60);
  await lab.endServer('SIGTERM');
  await lab.startServer();
  await say(`UDP:${SERVER}:6666,bind=${device.ip}`, 'U-Boot> ');
  await watching.waitFor(/\[walt: u-boot, [\d:.]+\]\r\nU-Boot> /, 60);
  const all = await dump(lab);
  t.notRegex(all, /no console/);
  t.deepEqual(
    ['Boot mode', 'Configuring', 'Linux', 'hand-over', 'U-Boot>'].map(
      (word) => all.split(word).length - 1,
    ),
    [1, 1, 1, 1, 1],
  );
  t.is(watching.said.split('after the hand-over').length, 2);

  const log = await lab.walt('log', 'show', '--history', 'full', '--streams', 'console');
  t.regex(log, /board\.console -> Boot mode: NETWORK \(02\)/);
  t.regex(log, /board\.netconsole -> Linux\\u001b\[2J version/);
  t.notRegex(log, /board\.console -> Linux/);

  const records = join(lab.folder, 'state/consoles');
  t.deepEqual(await readdir(records), [BOARD.mac.replaceAll(':', '')]);
  await lab.walt('device', 'forget', 'board');
  await eventually(
    () => readdir(records),
    (left) => left.length === 0,
    30,
  );
});

test('keys go to a U-Boot that has spoken, until a kernel does', async (t) => {
  t.timeout(3 * 60_000);
  const lab = await openLab(t, 'consolek', { images: { registries: [] } });
  const board = await plugMachine(lab.namespace, {
    name: `walt-lab-conboard-${process.pid}`,
    card: { name: 'card', mac: BOARD.mac, port: 'port' },
  });
  t.teardown(() => board.remove());
  await lab.startServer();
  await succeed(
    board.command(['busybox', 'udhcpc', '-i', 'card', '-n', '-q', '-f', '-s', '/bin/true']),
  );
  const shown = JSON.parse(await lab.walt('device', 'show', '--json'));
  const device = shown.devices.find(({ mac }: { mac: string }) => mac === BOARD.mac);
  await ip('-n', board.name, 'address', 'add', `${device.ip}/24`, 'dev', 'card');
  const loader = new Background(
    board.command(['socat', '-', `UDP:${SERVER}:6666,bind=${device.ip}:6666`]),
    { hasInput: true },
  );
  t.teardown(() => loader.kill());
  loader.child.stdin?.write('U-Boot> ');
  const command = lab.waltCommand('node', 'console', device.name).join(' ');
  const person = new Background(['script', '-q', '-c', command, '/dev/null'], { hasInput: true });
  t.teardown(() => person.kill());
  await person.waitFor(/U-Boot> /);
  person.child.stdin?.write('printenv\r');
  await loader.waitFor(/printenv\r/);
  await succeed(board.command(['socat', '-u', 'STDIN', `UDP:${SERVER}:12342,bind=${device.ip}`]), {
    input: 'Linux\n',
  });
  await person.waitFor(/Linux/);
  person.child.stdin?.write('x');
  await person.waitFor(/Nothing takes what you type/);
  person.child.stdin?.write('\x01d');
  t.is(await person.ended(), 0);
});
