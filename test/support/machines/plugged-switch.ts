// An emulated switch on the network of a lab: a device of the server's, which it asks by SNMP.
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { TAKE_ADDRESS } from '../../../lab/clients/take-address.ts';
import type { Lab } from '../../../lab/lab.ts';
import { BRIDGE } from '../../../lab/network/namespace.ts';
import { Background } from '../../../lab/programs/background.ts';
import { succeed } from '../../../lab/programs/run-program.ts';
import { plugMachine } from '../namespace.ts';

const ROOT = join(import.meta.dirname, '../../..');
const NODE = join(ROOT, 'node_modules/.bin/node');
const PROGRAM = join(ROOT, 'lab/switches/switch-program.ts');
const ASK = 'udhcpc -i card -n -q -f -t 10 -T 1 -s "$1"';

/** What the switch is. */
type Options = {
  /** of the device; at most 8 characters */
  readonly name: string;
  readonly mac: string;
  readonly ports?: number;
  /** watts */
  readonly budget?: number;
  readonly stations?: 'BRIDGE-MIB' | 'Q-BRIDGE-MIB';
};

/** A switch that is plugged in, and has its address. */
export type PluggedSwitch = {
  readonly ip: string;
  readonly program: Background;
  /** Lines as `station 3 MAC`, see lab/switches/switch-program.ts; resolves when they are done. */
  tell(...lines: string[]): Promise<void>;
};

/** Plugs it in, and tells the server that it is a switch whose ports may be switched. */
export async function plugSwitch(
  t: ExecutionContext,
  lab: Lab,
  { name, mac, ports = 8, budget = 370, stations = 'Q-BRIDGE-MIB' }: Options,
): Promise<PluggedSwitch> {
  const cabinet = await plugMachine(lab.namespace, {
    name: `walt-lab-${name}c-${process.pid}`,
    card: { name: 'card', mac, port: `c-${name}` },
  });
  t.teardown(() => cabinet.remove());
  await succeed(cabinet.command(['sh', '-ec', ASK, 'sh', TAKE_ADDRESS]), { seconds: 60 });
  const { devices } = JSON.parse(await lab.walt('device', 'show', '--json'));
  const its = devices.find((device: { mac: string }) => device.mac === mac);
  await lab.walt('device', 'rename', its.name, name);
  await lab.walt('device', 'config', name, 'type=switch', 'poe.reboots=true', 'snmp.community=lab');
  const argv = [NODE, PROGRAM, its.ip, 'lab', mac, `${ports}`, `${budget}`, stations];
  const program = new Background(cabinet.command(argv), { hasInput: true });
  t.teardown(() => program.kill());
  await program.waitFor(/listening/);
  return {
    ...{ ip: its.ip, program },
    tell: async (...lines) => {
      program.child.stdin?.write(lines.map((line) => `${line}\n`).join(''));
      for (const line of lines) await program.waitFor(new RegExp(`^did ${line}$`, 'm'));
    },
  };
}

/** MAC of the server on walt-net. */
export async function macOfServer({ namespace }: Lab): Promise<string> {
  const link = await succeed(['ip', '-n', namespace.name, '-j', 'link', 'show', BRIDGE]);
  return JSON.parse(link.stdout.toString())[0].address;
}

/** Told of each line that a program prints, one after the other; what fails is in the log of the test. */
export function followLines(
  t: ExecutionContext,
  program: Background,
  follow: (line: string) => Promise<void>,
): void {
  let left = '';
  let work = Promise.resolve();
  program.child.stdout?.on('data', (bytes: Buffer) => {
    const lines = (left + bytes.toString()).split('\n');
    left = lines.pop() ?? '';
    for (const line of lines) {
      work = work.then(() => follow(line)).catch((reason: unknown) => t.log(line, String(reason)));
    }
  });
}
