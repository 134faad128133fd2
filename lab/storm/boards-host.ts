// The host of simulated boards beside a server's network: all addresses that boards may get are its own.
import { join } from 'node:path';
import { makeNeighbourRoom } from '../../agent/net/interface/neighbour-room.ts';
import { parseCidr } from '../../agent/protocol/ip.ts';
import { ip } from '../network/ip.ts';
import type { Namespace } from '../network/namespace.ts';
import { plugMachine } from '../network/plug-machine.ts';
import { Background } from '../programs/background.ts';
import { watchOver } from '../programs/watchdog.ts';

/** The server's address in such a network. */
const STORM_SERVER = '10.66.255.254';
/** The same with the length of the network's prefix. */
export const STORM_ADDRESS = `${STORM_SERVER}/16`;
/** What its configuration has to have: the kernel of the boards' host answers ARP for addresses that no board has yet. */
export const STORM_DHCP = { probe: false } as const;

/** Boards get addresses from the lowest on; all of these are the boards' host. */
const BOARDS = '10.66.0.0/17';
const CARD = { name: 'card', mac: '52:54:00:00:ee:01' };
const PROGRAM = join(import.meta.dirname, 'boards.ts');

/** A host, and its boards once they are switched on. */
export type BoardsHost = AsyncDisposable & {
  /** @returns the program `boards.ts`, which whoever asked for it kills */
  readonly switchOn: (count: number) => Background;
};

/**
 * Plugs the host in; its boards are off. A server in a namespace cannot make room for so many neighbours itself.
 * @param name of its namespace
 * @throws {Error} where this process may not make room for them
 */
export async function plugBoardsHost(network: Namespace, name: string): Promise<BoardsHost> {
  const complaint = await makeNeighbourRoom(parseCidr(STORM_ADDRESS));
  if (complaint !== undefined) throw new Error(complaint);
  watchOver({ namespaces: [name] });
  const host = await plugMachine(network, { name, card: CARD });
  await ip('-n', name, 'route', 'add', 'local', BOARDS, 'dev', 'lo');
  await ip('-n', name, 'route', 'add', `${STORM_SERVER}/32`, 'dev', CARD.name);
  await ip('-n', name, 'route', 'add', '255.255.255.255', 'dev', CARD.name);
  await ip('-n', network.name, 'link', 'set', 'dev', 'walt-net', 'up');
  return {
    switchOn: (count) =>
      new Background(host.command([process.execPath, PROGRAM, STORM_SERVER, String(count)]), {
        hasInput: true,
      }),
    [Symbol.asyncDispose]: () => host.remove(),
  };
}

/** What all boards had behind them, when the program has said it. @param seconds it may take */
export async function bootsOf(boards: Background, seconds: number): Promise<unknown> {
  await boards.waitFor(/^\[.*\]$/m, seconds);
  return JSON.parse(/^\[.*\]$/m.exec(boards.said)?.[0] ?? '[]');
}
