/**
 * New DHCP clients in one process, for all servers alike. Argument: the wish as JSON. Waits until the server answers and
 * has settled, then prints a figure: leases per second (DISCOVER to ACK), or with `perSecond` the 99th percentile of the
 * time until an answer, in milliseconds. Ends with 1 where a client got no lease or an address was given twice.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { DhcpClients, type Lease } from '../../lab/clients/dhcp-clients.ts';

export type Wish = {
  readonly clients: number;
  /** Clients that wait for their lease at any time; the next one starts when one has it. */
  readonly atOnce?: number;
  /** Requests in a second; a client makes two. */
  readonly perSecond?: number;
  readonly settleSeconds: number;
};

const START_SECONDS = 15;
const WARM_UP = 300;

const wish: Wish = JSON.parse(process.argv[2] ?? '');
const clients = await DhcpClients.open();
await waitForServer();
// For nothing: code of clients and server alike is compiled, caches are full.
await leaseRate({ ...wish, clients: WARM_UP, atOnce: 20 });
await sleep(wish.settleSeconds * 1000);
console.log(wish.perSecond === undefined ? await leaseRate(wish) : await slowest(wish));
process.exit(0);

async function waitForServer(): Promise<void> {
  const end = performance.now() + START_SECONDS * 1000;
  while (performance.now() < end) {
    if (await clients.isAnswered(200)) return;
  }
  throw new Error(`No DHCP server answered within ${START_SECONDS} s`);
}

async function leaseRate({ clients: count, atOnce = count }: Wish): Promise<number> {
  let left = count;
  const begun = performance.now();
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      while (left-- > 0) await clients.leaseToNew();
    }),
  );
  return (count * 1000) / (performance.now() - begun);
}

async function slowest({ clients: count, perSecond = 1 }: Wish): Promise<number> {
  const interval = 2000 / perSecond;
  const begun = performance.now();
  const running: Promise<Lease>[] = [];
  while (running.length < count) {
    const due = Math.min(count, Math.floor((performance.now() - begun) / interval));
    while (running.length < due) running.push(clients.leaseToNew());
    await sleep(1);
  }
  const times = (await Promise.all(running))
    .flatMap(({ ms }) => ms)
    .toSorted((left, right) => left - right);
  return times[Math.ceil(times.length * 0.99) - 1] ?? Number.NaN;
}
