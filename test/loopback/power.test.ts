// Power on the real server: a community that is typed, places that are found by themselves, and a crash between off and on.
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { TAKE_ADDRESS } from '../../lab/clients/take-address.ts';
import type { Lab } from '../../lab/lab.ts';
import { BRIDGE } from '../../lab/network/namespace.ts';
import { Background } from '../../lab/programs/background.ts';
import { succeed } from '../../lab/programs/run-program.ts';
import { BOOTABLE, makeLayout, tar } from '../support/images/tar.ts';
import { eventually, openLab } from '../support/lab.ts';
import { plugMachine } from '../support/namespace.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const NODE = join(import.meta.dirname, '../../node_modules/.bin/node');
const PROGRAM = join(import.meta.dirname, '../../lab/switches/switch-program.ts');
const SWITCH = '02:5e:00:00:00:01';
const BOARD = '52:54:00:00:0f:12';
const COMMUNITY = 'sesame-4711';

const ASK = 'udhcpc -i card -n -q -f -t 10 -T 1 -s "$1"';
const BOOT = `${ASK} -V walt.node.pc-x86-64
curl --silent --fail --max-time 20 --output /dev/null tftp://192.168.152.1/start.ipxe`;

test('a typed community stays secret, places are found, and a port that a crash left off is on again', async (t) => {
  t.timeout(5 * 60_000);
  const lab = await openLab(t, 'power', { images: { registries: [] } });
  const layout = await makeLayout(join(await temporaryFolder(t), 'made'), [tar(BOOTABLE)]);
  const plug = async (name: string, mac: string) => {
    const card = { name: 'card', mac, port: name };
    const machine = await plugMachine(lab.namespace, {
      name: `walt-lab-power${name}-${process.pid}`,
      card,
    });
    t.teardown(() => machine.remove());
    return machine;
  };
  const [cabinet, board] = [await plug('switch', SWITCH), await plug('board', BOARD)];
  await lab.startServer();
  await lab.walt('image', 'import', layout, '--name', 'waltplatform/pc-x86-64-default:latest');
  await succeed(cabinet.command(['sh', '-ec', ASK, 'sh', TAKE_ADDRESS]), { seconds: 60 });
  const { devices } = JSON.parse(await lab.walt('device', 'show', '--json'));
  const { name, ip } = devices.find(({ mac }: { mac: string }) => mac === SWITCH);
  await lab.walt('device', 'rename', name, 'sw-1');
  await lab.walt('device', 'config', 'sw-1', 'type=switch', 'poe.reboots=true');

  const typing = await typeCommunity(lab);
  t.teardown(() => typing.kill());
  t.notRegex(typing.said, /sesame/);

  const argv = [NODE, PROGRAM, ip, COMMUNITY, SWITCH, '8'];
  const running = new Background(cabinet.command(argv), { hasInput: true });
  t.teardown(() => running.kill());
  await running.waitFor(/listening/);
  const tell = async (line: string) => {
    running.child.stdin?.write(`${line}\n`);
    await running.waitFor(new RegExp(`did ${line}`));
  };
  const said = await succeed(['ip', '-n', lab.namespace.name, '-j', 'link', 'show', BRIDGE]);
  await tell(`station 1 ${JSON.parse(said.stdout.toString())[0].address}`);
  await tell(`station 7 ${BOARD}`);
  await tell('board 7');
  await tell('board 8');

  const boot = () =>
    succeed(board.command(['sh', '-ec', BOOT, 'sh', TAKE_ADDRESS]), { seconds: 60 });
  const log = () => lab.walt('log', 'show', '--platform', '--history', 'full');
  await boot();
  await eventually(log, (text) => /node-000f12 is behind port ge7 of sw-1/.test(text), 60);
  // It is moved to another port.
  await tell('forget 7');
  await tell(`station 8 ${BOARD}`);
  await boot();
  await eventually(log, (text) => /node-000f12 is behind port ge8 of sw-1/.test(text), 60);

  await lab.walt('node', 'config', 'node-000f12', 'power.driver=poe');
  const cycling = new Background(lab.waltCommand('node', 'power', 'node-000f12', 'cycle'));
  t.teardown(() => cycling.kill());
  await running.waitFor(/^8 off$/m);
  await lab.endServer('SIGKILL');
  t.notRegex(running.said, /^8 on$/m);
  await lab.startServer();
  await running.waitFor(/^8 on$/m, 60);
  await eventually(log, (text) => /port 8 of sw-1 was left off by the server/.test(text), 60);
  t.deepEqual(running.said.match(/^\d (?:on|off)$/gm), ['8 off', '8 on']);
  t.regex(await lab.walt('node', 'power', 'node-000f12', 'status'), /power is on/);

  t.regex(await lab.walt('device', 'tree'), /ge8: node-000f12/);

  const secrets = join(lab.folder, 'state/secrets');
  const [file = ''] = await readdir(secrets);
  t.regex(await readFile(join(secrets, file), 'utf8'), /sesame/);
  t.is((await stat(join(secrets, file))).mode & 0o777, 0o600);
  t.notRegex(await lab.serverLog(), /sesame/);
  t.notRegex(await log(), /sesame/);
  t.notRegex(await lab.walt('device', 'config', 'sw-1'), /sesame/);

  // Nothing is behind what is no switch any more.
  await lab.walt('device', 'config', 'sw-1', 'type=unknown');
  await lab.walt('device', 'config', 'sw-1', 'type=switch');
  t.notRegex(await lab.walt('device', 'tree'), /ge8|port 8/);
});

/** As a person types it. Nobody else sees it meanwhile in the list of processes. */
async function typeCommunity(lab: Lab): Promise<Background> {
  const command = lab.waltCommand('device', 'credentials', 'sw-1').join(' ');
  const person = new Background(['script', '-q', '-e', '-c', command, '/dev/null'], {
    hasInput: true,
  });
  await person.waitFor(/Account/);
  person.child.stdin?.write('\r');
  await person.waitFor(/community: /);
  person.child.stdin?.write(`${COMMUNITY}\r`);
  await person.waitFor(/The server has the credentials of sw-1/);
  return person;
}
