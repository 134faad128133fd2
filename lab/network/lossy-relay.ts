/**
 * A bad network between TFTP clients and a server on loopback: packets are lost, doubled, held back and overtaken,
 * the same ones for the same seed and traffic. To a client, the relay is the server.
 */
import dgram, { type Socket } from 'node:dgram';
import { once } from 'node:events';
import { randomNumbers } from '../random-numbers.ts';

/** How bad the network is; `holdMs` is how long a packet is held back at most, 20 ms unless given. */
export type LossyLink = {
  readonly serverPort: number;
  readonly seed: number;
  /** Of the packets of either direction, so many are lost, as many doubled, as many held back. */
  readonly percent: number;
  readonly holdMs?: number;
};

/** A relay that runs until it is closed. */
export type LossyRelay = {
  readonly port: number;
  /** What was done to the packets so far. */
  readonly counts: { carried: number; lost: number; doubled: number; held: number };
  close(): void;
};

/** One client: a socket for each side, and the ports they talk to. */
type Session = { readonly toServer: Socket; readonly toClient: Socket; transferPort: number };

const loopback = '127.0.0.1';

/** Opens the relay on a free port of loopback. */
export async function openLossyRelay(link: LossyLink): Promise<LossyRelay> {
  const random = randomNumbers(link.seed);
  const counts = { carried: 0, lost: 0, doubled: 0, held: 0 };
  const sessions = new Map<number, Promise<Session>>();
  const sockets: Socket[] = [];
  const timers = new Set<NodeJS.Timeout>();

  const happens = () => random() * 100 < link.percent;
  const carry = (send: () => void) => {
    counts.carried += 1;
    if (happens()) {
      counts.lost += 1;
      return;
    }
    if (happens()) {
      counts.doubled += 1;
      send();
    }
    if (!happens()) return send();
    counts.held += 1;
    const timer = setTimeout(
      () => {
        timers.delete(timer);
        send();
      },
      1 + random() * (link.holdMs ?? 20),
    );
    timers.add(timer);
  };

  const open = async () => {
    const socket = dgram.createSocket('udp4');
    sockets.push(socket);
    // A client that has ended answers with "port unreachable": that packet is lost, too.
    socket.on('error', () => (counts.lost += 1));
    socket.bind(0, loopback);
    await once(socket, 'listening');
    return socket;
  };

  const begin = async (clientPort: number): Promise<Session> => {
    const session = { toServer: await open(), toClient: await open(), transferPort: 0 };
    session.toServer.on('message', (bytes, { port }) => {
      session.transferPort = port;
      carry(() => session.toClient.send(bytes, clientPort, loopback));
    });
    session.toClient.on('message', (bytes) =>
      carry(() => session.toServer.send(bytes, session.transferPort, loopback)),
    );
    return session;
  };

  const front = await open();
  front.on('message', async (bytes, { port }) => {
    const session = sessions.get(port) ?? begin(port);
    sessions.set(port, session);
    const { toServer } = await session;
    carry(() => toServer.send(bytes, link.serverPort, loopback));
  });

  return {
    port: front.address().port,
    counts,
    close() {
      for (const timer of timers) clearTimeout(timer);
      for (const socket of sockets) socket.close();
    },
  };
}
