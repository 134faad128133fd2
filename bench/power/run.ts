/**
 * `npm run bench:power`: 48 boards at 4 emulated switches, one of them slow, lose their power and get it back: by the driver `poe`, and
 * port after port.
 */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Device } from '../../agent/devices/device.ts';
import { type Poe, poe } from '../../agent/power/poe/poe.ts';
import { Conversations } from '../../agent/snmp/conversations.ts';
import { openSqliteStore } from '../../agent/store/sqlite/store.ts';
import { POE, TRUTH } from '../../agent/switches/mibs.ts';
import { readSwitch } from '../../agent/switches/read-switch.ts';
import { Topology } from '../../agent/switches/topology.ts';
import { Background } from '../../lab/programs/background.ts';
import { describeMachine } from '../harness/machine.ts';
import { plainTable } from '../harness/table.ts';

const SERVER = '02:00:00:00:00:01';
const SWITCHES = 4;
const BOARDS = 12;
const ACCESS = { version: '2c', community: 'lab' } as const;
const PROGRAM = join(import.meta.dirname, '../../lab/switches/switch-program.ts');
/** Of the original. */
const OFF_MS = 2000;

type Board = {
  readonly mac: string;
  readonly name: string;
  readonly at: Device;
  readonly port: number;
};

const { devices, boards, programs } = await plugIn();
try {
  const store = await openSqliteStore(':memory:');
  const driver = await driverOf(devices, store.power);
  const byDriver = await timed(() =>
    Promise.allSettled(boards.map(({ mac, name }) => cycled(driver, { mac, name }))),
  );
  const inTurn = await timed(portAfterPort);
  await store.close();
  const rows = [
    ['driver `poe`', byDriver.seconds, `${byDriver.done} of ${boards.length}`, 'yes'],
    ['port after port', inTurn.seconds, `${inTurn.done} of ${boards.length}`, 'no'],
  ];
  console.log(`${describeMachine()}\n`);
  console.log(plainTable(['48 ports, 4 switches, one slow', 'seconds', 'done', 'proved'], rows));
} finally {
  for (const program of programs) await program.kill();
}

async function timed(work: () => Promise<readonly PromiseSettledResult<unknown>[]>) {
  const begun = performance.now();
  const ends = await work();
  const done = ends.filter(({ status }) => status === 'fulfilled').length;
  for (const end of ends) if (end.status === 'rejected') console.error(String(end.reason));
  return { seconds: ((performance.now() - begun) / 1000).toFixed(1), done };
}

function cycled(driver: Poe, { mac, name }: { readonly mac: string; readonly name: string }) {
  return driver.cycle({ mac, name, ip: '127.0.0.1', words: [] });
}

async function portAfterPort(): Promise<PromiseSettledResult<void>[]> {
  const ends: PromiseSettledResult<void>[] = [];
  const conversations = new Conversations();
  const write = ({ at, port }: Board, value: number) =>
    conversations.have({ name: at.name, ip: at.ip, access: ACCESS }, (client) =>
      client.set([{ oid: `${POE.isEnabled}.1.${port}`, value }]),
    );
  for (const board of boards) {
    const work = async () => {
      await write(board, TRUTH.false);
      await sleep(OFF_MS);
      await write(board, TRUTH.true);
    };
    ends.push(...(await Promise.allSettled([work()])));
  }
  return ends;
}

async function driverOf(
  switches: readonly Device[],
  records: Awaited<ReturnType<typeof openSqliteStore>>['power'],
): Promise<Poe> {
  const conversations = new Conversations();
  const talk: Parameters<typeof poe>[0]['talk'] = ({ name, ip }, use) =>
    conversations.have({ name, ip, access: ACCESS }, use);
  const topology = new Topology({
    isDevice: () => true,
    switches: () => switches,
    server: async () => SERVER,
    ask: (device) => talk(device, readSwitch),
    records,
    clock: () => Date.now() * 1000,
  });
  await topology.rescan();
  const byMac = new Map(switches.map((device) => [device.mac, device]));
  const clock = () => Date.now() * 1000;
  return poe({ topology, talk, records, clock, steady: clock, device: (mac) => byMac.get(mac) });
}

async function plugIn() {
  const all: Board[] = [];
  const running: Background[] = [];
  const switches = Array.from({ length: SWITCHES }, (_, at): Device => {
    const settings = { type: 'switch', 'poe.reboots': 'true' };
    const mac = `02:5e:00:00:00:0${at + 1}`;
    return {
      ...{ mac, ip: `127.0.5.${at + 1}`, name: `sw-${at + 1}` },
      ...{ type: 'unknown', firstSeen: 0, settings },
    };
  });
  for (const [number, at] of switches.entries()) {
    const argv = [process.execPath, PROGRAM, at.ip, ACCESS.community, at.mac, String(BOARDS + 1)];
    const program = new Background(argv, { hasInput: true });
    running.push(program);
    await program.waitFor(/listening/);
    const lines = [`station ${BOARDS + 1} ${SERVER}`];
    for (let port = 1; port <= BOARDS; port += 1) {
      const mac = `b8:27:eb:00:0${number}:${port.toString(16).padStart(2, '0')}`;
      all.push({ mac, name: `rpi-${number}-${port}`, at, port });
      lines.push(`station ${port} ${mac}`, `board ${port}`);
    }
    if (number === SWITCHES - 1) lines.push('late');
    program.child.stdin?.write(`${lines.join('\n')}\n`);
    await program.waitFor(new RegExp(`did ${lines.at(-1)}`));
  }
  return { devices: switches, boards: all, programs: running };
}
