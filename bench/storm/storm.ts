// One storm: a server that has never seen a board, and as many boards as are wished, all switched on in one moment.
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeQuickImage } from '../../lab/boards/quick-image.ts';
import { defaultImage, makeLab } from '../../lab/lab.ts';
import { ip } from '../../lab/network/ip.ts';
import { plugMachine } from '../../lab/network/plug-machine.ts';
import { Background } from '../../lab/programs/background.ts';
import { watchOver } from '../../lab/programs/watchdog.ts';
import { readProcess } from '../../lab/siege/readings.ts';
import type { Boot } from './board.ts';

const SERVER = '10.66.255.254';
const PREFIX = 16;
/** Boards get addresses from the lowest on; all of these are the boards' host. */
const BOARDS = '10.66.0.0/17';
const CARD = { name: 'card', mac: '52:54:00:00:ee:01' };
const IMAGE = 'waltplatform/pc-x86-64-default:latest';
const PROGRAM = join(import.meta.dirname, 'boards.ts');
const LOOK_MS = 500;

/** Of each board, its boot; and how it was with the server. */
export type Storm = {
  readonly boots: readonly Boot[];
  /** Boards that the server holds for booted. */
  readonly booted: number;
  /** bytes, at its most */
  readonly memory: number;
};

/** @param bound seconds for all of it. @throws {Error} with what is missing then */
export async function storm(count: number, bound: number): Promise<Storm> {
  await using parts = new AsyncDisposableStack();
  // The kernel of the boards' host answers ARP for addresses that no board has yet.
  const settings = { images: { registries: [] }, dhcp: { probe: false } };
  const network = { programs: 'bundled', address: `${SERVER}/${PREFIX}` } as const;
  const lab = await makeLab('storm', settings, network);
  parts.defer(() => lab.close());
  const name = `walt-storm-${process.pid}`;
  watchOver({ namespaces: [name] });
  const host = await plugMachine(lab.namespace, { name, card: CARD });
  parts.defer(() => host.remove());
  await ip('-n', name, 'route', 'add', 'local', BOARDS, 'dev', 'lo');
  await ip('-n', name, 'route', 'add', `${SERVER}/32`, 'dev', CARD.name);
  await ip('-n', name, 'route', 'add', '255.255.255.255', 'dev', CARD.name);
  await ip('-n', lab.namespace.name, 'link', 'set', 'dev', 'walt-net', 'up');
  await lab.startServer();
  await lab.walt('image', 'import', await quickImage(lab.folder), '--name', IMAGE);
  const boards = new Background(host.command([process.execPath, PROGRAM, SERVER, String(count)]));
  parts.defer(() => boards.kill());
  await boards.waitFor(/^\[.*\]$/m, bound);
  const boots = JSON.parse(/^\[.*\]$/m.exec(boards.said)?.[0] ?? '[]') as Boot[];
  const isBooted = /node \S+ is booted\n/g;
  const bootedIn = async () => (await lab.serverLog()).match(isBooted)?.length ?? 0;
  const end = performance.now() + bound * 1000;
  while ((await bootedIn()) < count && performance.now() < end) await sleep(LOOK_MS);
  const { mostMemory: memory } = await readProcess(lab.serverPid());
  return { boots, booted: await bootedIn(), memory };
}

const quickImage = (folder: string) => makeQuickImage(defaultImage, join(folder, 'quick'));
