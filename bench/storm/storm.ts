// One storm: a server that has never seen a board, and as many boards as are wished, all switched on in one moment.
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeQuickImage } from '../../lab/boards/quick-image.ts';
import { defaultImage, makeLab } from '../../lab/lab.ts';
import { readProcess } from '../../lab/siege/readings.ts';
import type { Boot } from '../../lab/storm/board.ts';
import { bootsOf, plugBoardsHost, STORM_ADDRESS, STORM_DHCP } from '../../lab/storm/boards-host.ts';

const IMAGE = 'waltplatform/pc-x86-64-default:latest';
const LOOK_MS = 500;

/** Of each board, its boot; and how it was with the server. */
export type Storm = {
  readonly boots: readonly Boot[];
  /** Boards of which the server said that they have booted, and how often it said so of one that had. */
  readonly booted: number;
  readonly again: number;
  /** bytes, at its most */
  readonly memory: number;
};

/** @param bound seconds for all of it. @throws {Error} with what is missing then */
export async function storm(count: number, bound: number): Promise<Storm> {
  await using parts = new AsyncDisposableStack();
  const settings = { images: { registries: [] }, dhcp: STORM_DHCP };
  const network = { programs: 'bundled', address: STORM_ADDRESS } as const;
  const lab = await makeLab('storm', settings, network);
  parts.defer(() => lab.close());
  const host = parts.use(await plugBoardsHost(lab.namespace, `walt-storm-${process.pid}`));
  await lab.startServer();
  await lab.walt('image', 'import', await quickImage(lab.folder), '--name', IMAGE);
  const boards = host.switchOn(count);
  parts.defer(() => boards.kill());
  const boots = (await bootsOf(boards, bound)) as Boot[];
  const linesOf = async () => (await lab.serverLog()).match(/node \S+ is booted\n/g) ?? [];
  const end = performance.now() + bound * 1000;
  while (new Set(await linesOf()).size < count && performance.now() < end) await sleep(LOOK_MS);
  const { mostMemory: memory } = await readProcess(lab.serverPid());
  const lines = await linesOf();
  const booted = new Set(lines).size;
  return { boots, booted, again: lines.length - booted, memory };
}

const quickImage = (folder: string) => makeQuickImage(defaultImage, join(folder, 'quick'));
