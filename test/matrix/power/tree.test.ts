// Three cascaded switches with 40 boards, asked by a real server by real SNMP: `walt device tree` shows all of it, also with a slow, a
// silent and a lying switch beside them, and after a board was moved.
import test from 'ava';
import { eventually, openLab } from '../../support/lab.ts';
import {
  macOfServer,
  type PluggedSwitch,
  plugSwitch,
} from '../../support/machines/plugged-switch.ts';
import { importBoardImage, plugBoards } from '../../support/nodes/powered-boards.ts';

const BOARDS = 40;
const NAMES = ['top', 'left', 'deep'] as const;
type Name = (typeof NAMES)[number];
const MACS = { top: '02:5e:00:00:00:21', left: '02:5e:00:00:00:22', deep: '02:5e:00:00:00:23' };
const BAD = { slow: '02:5e:00:00:00:31', silent: '02:5e:00:00:00:32', liar: '02:5e:00:00:00:33' };
/** Port of the switch above at which the next one is, and port of that towards the server. */
const [DOWN, UP] = [24, 1];
/** Ports of the first switch at which the bad ones are. */
const AT = { slow: 21, silent: 22, liar: 23 };

const macOf = (board: number) => `52:54:00:00:19:${(0x10 + board).toString(16)}`;
const nodeOf = (board: number) => `node-${macOf(board).slice(-8).replaceAll(':', '')}`;
const homeOf = (board: number) => ({ at: NAMES[board % 3] ?? 'top', port: 2 + ((board / 3) | 0) });

/** What each switch has learned of a machine that is behind a port of one of them. */
function stationsOf(mac: string, { at, port }: { readonly at: Name; readonly port: number }) {
  const depth = NAMES.indexOf(at);
  return NAMES.map((name, level) => {
    const seen = level === depth ? port : level < depth ? DOWN : UP;
    return { name, line: `station ${seen} ${mac}` };
  });
}

/** What is drawn below a bad switch: it has answered once. */
const BEHIND_BAD = ['└── ge1: (towards the server)'];

/** As the command draws it. */
function drawn(boardAt: (name: Name, port: number) => string | undefined, bad: readonly string[]) {
  const below = (name: Name): string[] => {
    const next = NAMES[NAMES.indexOf(name) + 1];
    const rows: string[][] = [];
    for (let port = 1; port <= DOWN; port += 1) {
      const board = boardAt(name, port);
      const other = bad.find((one) => AT[one as keyof typeof AT] === port);
      if (port === UP) rows.push([`ge${port}: (towards the server)`]);
      else if (board !== undefined) rows.push([`ge${port}: ${board}`]);
      else if (name === 'top' && other !== undefined)
        rows.push([`ge${port}: ${other}`, ...BEHIND_BAD]);
      else if (port === DOWN && next) rows.push([`ge${port}: ${next}`, ...below(next)]);
    }
    return rows.flatMap(([first = '', ...rest], at) => {
      const isLast = at === rows.length - 1;
      return [
        `${isLast ? '└── ' : '├── '}${first}`,
        ...rest.map((line) => `${isLast ? '    ' : '│   '}${line}`),
      ];
    });
  };
  return ['top', ...below('top')];
}

test('walt device tree of three cascaded switches with 40 boards', async (t) => {
  t.timeout(12 * 60_000);
  const lab = await openLab(t, 'tree', { images: { registries: [] } });
  await lab.startServer();
  await importBoardImage(t, lab);
  const switches = new Map<string, PluggedSwitch>();
  for (const name of NAMES) {
    const stations = name === 'left' ? 'BRIDGE-MIB' : 'Q-BRIDGE-MIB';
    switches.set(name, await plugSwitch(t, lab, { name, mac: MACS[name], ports: DOWN, stations }));
  }
  const tell = (name: string, ...lines: string[]) => switches.get(name)?.tell(...lines);
  const boards = Array.from({ length: BOARDS }, (_, board) => board);
  const server = await macOfServer(lab);
  const stations = [
    ...NAMES.map((name) => ({ name, line: `station ${UP} ${server}` })),
    ...boards.flatMap((board) => stationsOf(macOf(board), homeOf(board))),
    ...stationsOf(MACS.left, { at: 'top', port: DOWN }).filter(({ name }) => name !== 'left'),
    ...stationsOf(MACS.deep, { at: 'left', port: DOWN }).filter(({ name }) => name !== 'deep'),
    ...['left', 'deep'].map((name) => ({ name, line: `station ${UP} ${MACS.top}` })),
  ];
  for (const name of NAMES) {
    await tell(name, ...stations.flatMap((one) => (one.name === name ? [one.line] : [])));
  }
  const { program } = await plugBoards(t, lab, {
    boards: boards.map((board) => ({ mac: macOf(board), courses: ['stays'] })),
  });
  await eventually(
    async () => program.said.match(/ up stays$/gm)?.length,
    (count) => count === BOARDS,
    240,
  );
  const tree = () => lab.walt('device', 'tree');
  const home = (name: Name, port: number) => {
    const board = boards.find((one) => homeOf(one).at === name && homeOf(one).port === port);
    return board === undefined ? undefined : nodeOf(board);
  };
  const whole = `${drawn(home, []).join('\n')}\n`;
  // The server has asked them by itself.
  t.is(await eventually(tree, (text) => text === whole, 60).catch(tree), whole);
  const json = JSON.parse(await lab.walt('device', 'tree', '--json'));
  t.deepEqual(json.unplaced, []);
  const found = json.switches.flatMap(({ name, ports }: (typeof json.switches)[number]) =>
    ports.flatMap(({ port, devices }: { port: number; devices: string[] }) =>
      devices.map((device) => `${device} ${name} ${port}`),
    ),
  );
  const expected = boards.map(
    (board) => `${nodeOf(board)} ${homeOf(board).at} ${homeOf(board).port}`,
  );
  t.deepEqual(found.toSorted(), [...expected, 'left top 24', 'deep left 24'].toSorted());

  // Three bad ones beside them.
  for (const [name, mac] of Object.entries(BAD)) {
    switches.set(name, await plugSwitch(t, lab, { name, mac, ports: 4 }));
    await tell(name, `station ${UP} ${server}`);
    for (const one of stationsOf(mac, { at: 'top', port: AT[name as keyof typeof AT] })) {
      await tell(one.name, one.line);
    }
  }
  // What the silent one said before is remembered.
  await lab.walt('device', 'rescan');
  await tell('slow', 'late');
  await tell('silent', 'fault silent');
  // It says that three boards of others are at its second port.
  await tell('liar', ...[0, 1, 2].map((board) => `station 2 ${macOf(board)}`));
  const asked = await lab.tryWalt('device', 'rescan');
  t.is(asked.code, 1);
  t.regex(asked.said, /^Switch silent: Cannot ask silent .*: it does not answer SNMP 2c/m);
  for (const name of [...NAMES, 'slow', 'liar']) {
    t.regex(asked.said, new RegExp(`^Switch ${name} has answered\\.$`, 'm'));
  }
  const after = await lab.tryWalt('device', 'tree');
  t.is(after.stdout.toString(), `${drawn(home, Object.keys(BAD)).join('\n')}\n`);
  t.regex(after.said, /^Switch silent did not answer: /m);
  await lab.walt('node', 'config', nodeOf(0), 'power.driver=poe');
  const refused = await lab.tryWalt('node', 'power', nodeOf(0), 'off');
  t.is(refused.code, 1);
  t.regex(refused.said, /node-001910 is seen behind more than one port/);

  // A board goes from the first switch to the last one.
  const moved = boards.find((board) => homeOf(board).at === 'top' && homeOf(board).port === 9) ?? 0;
  await tell('top', 'forget 9', `station ${DOWN} ${macOf(moved)}`);
  await tell('left', `station ${DOWN} ${macOf(moved)}`);
  await tell('deep', `station 20 ${macOf(moved)}`);
  await lab.tryWalt('device', 'rescan');
  const log = await lab.walt('log', 'show', '--platform', '--history', 'full');
  t.regex(log, new RegExp(`${nodeOf(moved)} is behind port ge20 of deep`));
  const now = await lab.tryWalt('device', 'tree');
  const elsewhere = (name: Name, port: number) => {
    if (name === 'top' && port === 9) return undefined;
    return name === 'deep' && port === 20 ? nodeOf(moved) : home(name, port);
  };
  t.is(now.stdout.toString(), `${drawn(elsewhere, Object.keys(BAD)).join('\n')}\n`);
});
