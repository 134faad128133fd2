/** How quickly DHCP is answered while three images are imported, beside the same server that does nothing else. */
import { rm } from 'node:fs/promises';
import { setPriority } from 'node:os';
import { join } from 'node:path';
import { defaultImage } from '../../../lab/lab.ts';
import { succeed } from '../../../lab/programs/run-program.ts';
import { buildClients, type Wish } from '../../dhcp/clients.ts';
import { limitTable } from '../../dhcp/limit-table.ts';
import { oursCommand } from '../../dhcp/ours.ts';
import { compare } from '../../harness/compare.ts';
import { inWorkplace, type Workplace } from '../../harness/workplace.ts';
import type { Bench, Part } from './part.ts';

const ROOT = join(import.meta.dirname, '../../..');
const WALT = join(ROOT, 'release/dist/walt');
const TURN_SECONDS = 120;
const IMPORT = { seconds: 600 };
/** It asks the network for 1,024 free addresses first, 128 each half second. */
const SETTLING: Wish = { clients: 1, settleSeconds: 6 };
const MEASURING: Wish = { clients: 1000, perSecond: 1000, settleSeconds: 1 };
const STATE = ['images', 'layers', 'blobs', 'tmp', 'walt.db', 'walt.db-wal', 'walt.db-shm'];

type Load = { readonly name: string; readonly imports: number };

const LOADS: readonly Load[] = [
  { name: 'three imports at once', imports: 3 },
  { name: 'nothing else', imports: 0 },
];

export const dhcpMeanwhile: Part = {
  name: 'dhcp',
  async measure({ rounds }: Bench) {
    let table = '';
    // Servers and clients inherit it: what else the machine does shows less in times of a few milliseconds.
    setPriority(-20);
    try {
      await inWorkplace(async (place) => {
        await place.hosts.open(['10.99.0.1']);
        await place.hosts.ask(['ip', 'route', 'add', '255.255.255.255', 'dev', 'cable'], 10);
        const all = { ...place, clients: await buildClients(place.folder) };
        const measured = await compare(LOADS, (load) => slowest(load, all), { rounds });
        table = limitTable({ title: '1,000 requests/s, p99', unit: 'ms', below: 10, measured });
      });
    } finally {
      setPriority(0);
    }
    return table;
  },
};

type Place = Workplace & { readonly clients: (wish: Wish) => string[] };

/** Milliseconds. @throws {Error} if the imports were over before all had been answered */
async function slowest({ imports }: Load, { hosts, folder, clients }: Place): Promise<number> {
  for (const name of STATE) {
    await rm(join(folder, 'state', name), { recursive: true, force: true });
  }
  const server = await hosts.serve(await oursCommand({ folder, programs: '' }));
  try {
    const ask = async (wish: Wish) => Number(await hosts.ask(clients(wish), TURN_SECONDS));
    await ask(SETTLING);
    let finished = 0;
    const socket = `WALT_SOCKET=${join(folder, 'api.sock')}`;
    const importing = Array.from({ length: imports }, async (_none, at) => {
      const words = ['image', 'import', defaultImage, '--name', `bench/image-${at}`];
      await succeed(['env', socket, process.execPath, WALT, ...words], IMPORT);
      finished += 1;
    });
    const all = Promise.all(importing);
    all.catch(() => undefined);
    const figure = await ask(MEASURING);
    const early = finished;
    await all;
    console.error(JSON.stringify({ imports, p99: figure, early }));
    if (early > 0) throw new Error(`${early} imports were over too early`);
    return figure;
  } finally {
    await server.stop();
  }
}
