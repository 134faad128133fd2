// A PC that hangs gets its power by a port of an emulated switch: the server heals it without a person. The port really starts
// and ends QEMU.
import { join } from 'node:path';
import test from 'ava';
import type { Vm } from '../../agent/machines/vm.ts';
import { makeQuickImage } from '../../lab/boards/quick-image.ts';
import { TAKE_ADDRESS } from '../../lab/clients/take-address.ts';
import { defaultImage } from '../../lab/lab.ts';
import { BRIDGE } from '../../lab/network/namespace.ts';
import { Background } from '../../lab/programs/background.ts';
import { succeed } from '../../lab/programs/run-program.ts';
import { eventually, openLab } from '../support/lab.ts';
import { plugMachine } from '../support/namespace.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const NODE = join(import.meta.dirname, '../../node_modules/.bin/node');
const PROGRAM = join(import.meta.dirname, '../../lab/switches/switch-program.ts');
const SWITCH = '02:5e:00:00:00:02';
const MAC = '52:54:00:00:0f:13';
const NAME = 'node-000f13';
const ASK = 'udhcpc -i card -n -q -f -t 10 -T 1 -s "$1"';

test('a PC that hangs after it got its power is healed by the port of its switch', async (t) => {
  t.timeout(20 * 60_000);
  const lab = await openLab(t, 'poeheal', { images: { registries: [] } });
  const image = await makeQuickImage(defaultImage, join(await temporaryFolder(t), 'quick'));
  const cabinet = await plugMachine(lab.namespace, {
    name: `walt-lab-poehealc-${process.pid}`,
    card: { name: 'card', mac: SWITCH, port: 'switch' },
  });
  t.teardown(() => cabinet.remove());
  await lab.startServer();
  await lab.walt('image', 'import', image, '--name', 'waltplatform/pc-x86-64-default:latest');
  await succeed(cabinet.command(['sh', '-ec', ASK, 'sh', TAKE_ADDRESS]), { seconds: 60 });
  const { devices } = JSON.parse(await lab.walt('device', 'show', '--json'));
  const { name, ip } = devices.find(({ mac }: { mac: string }) => mac === SWITCH);
  const settings = ['type=switch', 'poe.reboots=true', 'snmp.community=lab'];
  await lab.walt('device', 'config', name, ...settings);
  const argv = [NODE, PROGRAM, ip, 'lab', SWITCH, '4'];
  const power = new Background(cabinet.command(argv), { hasInput: true });
  t.teardown(() => power.kill());
  await power.waitFor(/listening/);
  const tell = (line: string) => power.child.stdin?.write(`${line}\n`);
  const link = await succeed(['ip', '-n', lab.namespace.name, '-j', 'link', 'show', BRIDGE]);
  tell(`station 1 ${JSON.parse(link.stdout.toString())[0].address}`);
  tell(`station 3 ${MAC}`);
  tell('board 3');

  let pc: Vm | undefined = await lab.startPc({ name: 'pc1', mac: MAC, firmware: 'bios' });
  let starts = 0;
  let left = '';
  const follow = async (line: string) => {
    if (line === '3 off') {
      await pc?.stop();
      pc = undefined;
    }
    if (line !== '3 on') return;
    starts += 1;
    pc = await lab.startPc({ name: `pc${starts + 1}`, mac: MAC, firmware: 'bios' });
    // The first time it hangs before its firmware has said a word.
    if (starts === 1) await pc.control('stop');
  };
  let work = Promise.resolve();
  power.child.stdout?.on('data', (bytes: Buffer) => {
    const lines = (left + bytes.toString()).split('\n');
    left = lines.pop() ?? '';
    for (const line of lines) work = work.then(() => follow(line));
  });
  const log = () => lab.walt('log', 'show', '--platform', '--history', 'full');
  await eventually(log, (text) => /is behind port ge3 of/.test(text), 300);
  await lab.walt('node', 'config', NAME, 'power.driver=poe', 'boot.timeout=60');
  await lab.walt('node', 'power', NAME, 'cycle');
  t.is(starts, 1);
  // Nobody does anything from here on.
  await eventually(log, (text) => text.includes(`node ${NAME} is booted`), 600);
  await work;
  t.true(starts >= 2);
  t.deepEqual(power.said.match(/^3 (?:on|off)$/gm)?.slice(0, 4), [
    ...['3 off', '3 on', '3 off', '3 on'],
  ]);
  t.regex(await log(), new RegExp(`node ${NAME} .*power`));
});
