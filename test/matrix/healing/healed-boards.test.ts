// 300 boots of 30 simulated boards with real sockets, under a real server whose clock goes faster: boards freeze in every way
// that needs no processor of their own, and each ends booted, or in quarantine with the right reason.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import type { BoardsPlan, Course } from '../../../lab/healing/courses.ts';
import { type Lab, makeLab } from '../../../lab/lab.ts';
import { ip } from '../../../lab/network/ip.ts';
import { Background } from '../../../lab/programs/background.ts';
import { randomNumbers } from '../../../lab/random-numbers.ts';
import { BOOTABLE, makeLayout, tar } from '../../support/images/tar.ts';
import { eventually } from '../../support/lab.ts';
import { plugMachine } from '../../support/namespace.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const PACE = 20;
const SERVER = '192.168.152.1';
const BOARDS = 30;
const BOOTS = 10;
const LATE_SECONDS = 20;
const NODE = join(import.meta.dirname, '../../../node_modules/.bin/node');
const PROGRAM = join(import.meta.dirname, '../../../lab/healing/boards.ts');

/** What the line of quarantine says of a board that freezes so at each boot. */
const REASONS: Readonly<Partial<Record<Course, RegExp>>> = {
  'no-file': /it was refused missing\.ipxe by tftp.* Look at its boot loader or medium/,
  corrupted: /the transfer of kernel by tftp broke off/,
  'broken-off': /the transfer of \S*initrd by http broke off/,
  'export-gone': /it loaded kernel by tftp last and mounted no root/,
  panic: /it loaded kernel by tftp last and mounted no root/,
  'stale-handle': /it mounted its root file system and never said that it is up/,
  'no-sshd': /it mounted its root file system and never said that it is up/,
};
const FATAL = Object.keys(REASONS) as Course[];
const ONCE: readonly Course[] = [...FATAL, 'half-open', 'late'];

const macOf = (board: number) => `52:54:00:00:17:${(0x10 + board).toString(16)}`;
const nodeOf = (mac: string) => `node-${mac.slice(-8).replaceAll(':', '')}`;

/** Some freeze until they are left in quarantine, all others once at a time. */
function coursesOf(board: number, random: () => number): Course[] {
  const fatal = FATAL[board];
  const courses: Course[] = ['good', 'good'];
  if (fatal !== undefined) courses.push(fatal, fatal, fatal, 'good');
  while (courses.length < BOOTS - 1) {
    const isFree = courses.at(-1) === 'good' && random() < 0.4;
    courses.push(isFree ? (ONCE[Math.floor(random() * ONCE.length)] ?? 'good') : 'good');
  }
  return [...courses, 'good'];
}

async function openBoards(lab: Lab, folder: string, plan: Omit<BoardsPlan, 'card' | 'power'>) {
  const name = `walt-lab-healedb-${process.pid}`;
  const card = { name: 'card', mac: '52:54:00:0b:0a:01', port: 'boards' };
  const machine = await plugMachine(lab.namespace, { name, card });
  await ip('-n', name, 'address', 'add', '192.168.152.250/24', 'dev', card.name);
  await ip('-n', name, 'route', 'add', '255.255.255.255', 'dev', card.name);
  const power = join(folder, 'power');
  const whole: BoardsPlan = { ...plan, card: card.name, power };
  const boards = new Background(machine.command([NODE, PROGRAM, JSON.stringify(whole)]));
  return { machine, boards };
}

test('300 boots of 30 boards end booted, or in quarantine with the right reason', async (t) => {
  t.timeout(8 * 60_000);
  const folder = await temporaryFolder(t);
  const program = join(folder, 'power-program');
  await writeFile(program, `#!/bin/sh\necho "$1 $3" | socat - "UNIX-CONNECT:${folder}/power"\n`, {
    mode: 0o755,
  });
  const lab = await makeLab(
    'healed',
    { images: { registries: [] }, power: { command: program } },
    { pace: PACE },
  );
  t.teardown(() => lab.close());
  await lab.startServer();
  const files = BOOTABLE.map((entry) =>
    entry.path.endsWith('/kernel') ? { ...entry, content: Buffer.alloc(20_000, 1) } : entry,
  );
  // More than sockets hold: who leaves in the middle leaves a part of it unsent.
  const initrd = { path: 'boot/pc-x86-64/initrd', content: Buffer.alloc(16 << 20, 1) };
  const layout = await makeLayout(join(folder, 'made'), [tar([...files, initrd])]);
  await lab.walt('image', 'import', layout, '--name', 'waltplatform/pc-x86-64-default:latest');
  const random = randomNumbers(17);
  const plan = Array.from({ length: BOARDS }, (_, board) => ({
    mac: macOf(board),
    courses: coursesOf(board, random),
  }));
  const lateMs = (LATE_SECONDS * 1000) / PACE;
  const { machine, boards } = await openBoards(lab, folder, {
    server: SERVER,
    lateMs,
    boards: plan,
  });
  t.teardown(() => machine.remove());
  t.teardown(() => boards.kill());
  const showLog = (what: string) =>
    lab.walt('log', 'show', '--platform', '--history', 'full', what);
  const left = new Map<string, string>();
  const doneOf = () => plan.filter(({ mac }) => boards.said.includes(`${mac} done`));
  await eventually(
    async () => plan.filter(({ mac }) => boards.said.includes(`${mac} up`)).length,
    (count) => count === BOARDS,
    60,
  ).catch(async (thrown: Error) =>
    t.fail(`${thrown.message}\n${boards.said}\n${await lab.serverLog()}`),
  );
  const settings = ['power.driver=command', 'boot.retries=2', 'boot.hardPerHour=60'];
  await lab.walt('node', 'config', 'all-nodes', ...settings);
  for (let looks = 0; looks < 60 && doneOf().length < BOARDS; looks += 1) {
    const log = await showLog('is in quarantine');
    for (const { mac } of plan) {
      const node = nodeOf(mac);
      const [, why] = new RegExp(`node ${node} is in quarantine: (.*)`).exec(log) ?? [];
      if (why === undefined || left.has(node)) continue;
      left.set(node, why);
      await lab.walt('node', 'reboot', node, '--hard');
    }
    await sleep(1500);
  }
  const said = boards.said;
  t.log(`the clock of the server went ${PACE} times faster`);
  t.deepEqual(doneOf().length, BOARDS, `${said}\n${await showLog('node')}`);
  t.notRegex(said, /failed|cycled-while-up/);
  for (const [board, course] of FATAL.entries()) {
    const why = left.get(nodeOf(macOf(board)));
    t.regex(why ?? 'none', REASONS[course] ?? /^$/, course);
  }
  t.is(left.size, FATAL.length, [...left].join('\n'));
  t.regex(said, /mount [1-9]/, 'a root that is not there is refused');
  t.regex(said, /getattr [1-9]/, 'a handle that was never given is refused');
  t.notRegex(said, /cycled late/, 'one that comes up by itself is let');
  t.true([...said.matchAll(/ boots /g)].length >= BOARDS * BOOTS);
  const log = await showLog('is up again');
  t.regex(log, /is up again, after it was helped/);
});
