// A PC whose power is the port of an emulated switch with PoE: the port really starts and ends QEMU.
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import type { Vm } from '../../../agent/machines/vm.ts';
import { TAKE_ADDRESS } from '../../../lab/clients/take-address.ts';
import type { Lab } from '../../../lab/lab.ts';
import { BRIDGE } from '../../../lab/network/namespace.ts';
import { Background } from '../../../lab/programs/background.ts';
import { succeed } from '../../../lab/programs/run-program.ts';
import { plugMachine } from '../namespace.ts';

const ROOT = join(import.meta.dirname, '../../..');
const NODE = join(ROOT, 'node_modules/.bin/node');
const PROGRAM = join(ROOT, 'lab/switches/switch-program.ts');
const SWITCH = '02:5e:00:00:00:02';
const ASK = 'udhcpc -i card -n -q -f -t 10 -T 1 -s "$1"';

/** The PC, behind port 3 of its switch. */
export type PoweredPc = {
  /** Turns it on the first time. */
  start(): Promise<void>;
  /** Its processors stand still. */
  freeze(): Promise<void>;
  /** `3 off` and `3 on`, as the port was switched. */
  switched(): string[];
};

/** Plugs the switch in, and tells the server of it. @param machine its name is at most 8 characters long */
export async function openPoweredPc(
  t: ExecutionContext,
  lab: Lab,
  { name, mac }: { readonly name: string; readonly mac: string },
): Promise<PoweredPc> {
  const cabinet = await plugMachine(lab.namespace, {
    name: `walt-lab-${name}c-${process.pid}`,
    card: { name: 'card', mac: SWITCH, port: 'switch' },
  });
  t.teardown(() => cabinet.remove());
  await succeed(cabinet.command(['sh', '-ec', ASK, 'sh', TAKE_ADDRESS]), { seconds: 60 });
  const { devices } = JSON.parse(await lab.walt('device', 'show', '--json'));
  const its = devices.find((device: { mac: string }) => device.mac === SWITCH);
  const settings = ['type=switch', 'poe.reboots=true', 'snmp.community=lab'];
  await lab.walt('device', 'config', its.name, ...settings);
  const argv = [NODE, PROGRAM, its.ip, 'lab', SWITCH, '4'];
  const power = new Background(cabinet.command(argv), { hasInput: true });
  t.teardown(() => power.kill());
  await power.waitFor(/listening/);
  const link = await succeed(['ip', '-n', lab.namespace.name, '-j', 'link', 'show', BRIDGE]);
  const server = JSON.parse(link.stdout.toString())[0].address;
  power.child.stdin?.write(`station 1 ${server}\nstation 3 ${mac}\nboard 3\n`);

  let pc: Vm | undefined;
  let starts = 0;
  const start = async () => {
    starts += 1;
    pc = await lab.startPc({ name: `${name}${starts}`, mac, firmware: 'bios' });
  };
  const follow = async (line: string) => {
    if (line === '3 off') await pc?.stop();
    if (line === '3 on') await start();
  };
  let left = '';
  let work = Promise.resolve();
  power.child.stdout?.on('data', (bytes: Buffer) => {
    const lines = (left + bytes.toString()).split('\n');
    left = lines.pop() ?? '';
    for (const line of lines) work = work.then(() => follow(line));
  });
  return {
    start,
    freeze: async () => {
      await pc?.control('stop');
    },
    switched: () => power.said.match(/^3 (?:on|off)$/gm) ?? [],
  };
}
