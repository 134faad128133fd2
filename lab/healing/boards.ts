/** Simulated boards, as a program that runs where they are plugged in. Its argument is a `BoardsPlan` as JSON; says what happens. */
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { Board } from './board.ts';
import { BoardLeases } from './board-leases.ts';
import type { BoardsPlan } from './courses.ts';

/** Between the first boots of two boards: a rack is not powered on at one stroke. */
const APART_MS = 150;

const plan: BoardsPlan = JSON.parse(process.argv[2] ?? '{}');
const around = {
  ...plan,
  leases: await BoardLeases.open(),
  say: (line: string) => console.log(line),
};
const boards = new Map(
  plan.boards.map(({ mac, courses }) => [mac, new Board(mac, courses, around)]),
);
createServer((socket) => {
  createInterface({ input: socket }).on('line', (line) => {
    const [verb, mac = ''] = line.split(' ');
    const board = boards.get(mac);
    if (verb === 'cycle') board?.cycle();
    if (verb === 'off') board?.powerOff();
    if (verb === 'on') board?.powerOn();
  });
}).listen(plan.power);
for (const [index, board] of [...boards.values()].entries()) {
  setTimeout(() => board.powerOn(), index * APART_MS);
}
