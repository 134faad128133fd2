// So many boards that are switched on in one moment, as a program on a host of their own: `node boards.ts SERVER COUNT`. Prints a line of
// JSON when all have told the server that they are up, and stays, so that they stay connected. On its standard input `lose RATE SECONDS`
// lets so many of them a second lose their connection, one after the other; then it prints `lost COUNT`.
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { DhcpClients } from '../clients/dhcp-clients.ts';
import { rawUserClass } from '../clients/dhcp-packets.ts';
import { boot, type UpBoard } from './board.ts';

const [server = '', count = '1'] = process.argv.slice(2);
/** A board asks for an address until somebody cuts its power. */
const MOST_TRIES = 600;

const options = rawUserClass('walt.node.pc-x86-64');
const clients = await DhcpClients.open({ options, mostTries: MOST_TRIES });
const boards = await Promise.all(
  Array.from({ length: Number(count) }, (): Promise<UpBoard> => boot(clients, server)),
);
console.log(JSON.stringify(boards.map((board) => board.boot)));

let next = 0;
createInterface({ input: process.stdin }).on('line', async (line) => {
  const [verb, rate, seconds] = line.split(' ');
  if (verb !== 'lose') return;
  const most = Number(rate) * Number(seconds);
  for (let lost = 0; lost < most; lost += 1) {
    boards[next % boards.length]?.lose();
    next += 1;
    await sleep(1000 / Number(rate));
  }
  console.log(`lost ${most}`);
});
