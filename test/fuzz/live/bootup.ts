/**
 * Damaged lines to the server of boot notifications, from strangers and from a node, cut anywhere. Meanwhile another node holds
 * its connection, and is never said to be down.
 */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { startBootupServer } from '../../../agent/net/bootup-server.ts';
import { randomNumbers } from '../../../lab/random-numbers.ts';
import { mutate } from '../../support/bytes/mutate.ts';
import { FuzzFault, type FuzzTarget } from '../target.ts';

const NODE = '127.0.5.1';
/** Good and nearly good first lines, with what nodes send behind them. */
const CORPUS = [
  'REQ_NOTIFY_BOOTUP_STATUS\n',
  'REQ_NOTIFY_BOOTUP_STATUS\r\n\n\n',
  'REQ_NOTIFY_BOOTUP_STATUS',
  'REQ_FAKE_TFTP_GET\n',
  `${'x'.repeat(255)}\n`,
  '\n',
  'REQ_NOTIFY_BOOTUP_STATUS\u0000\n',
].map((line) => Buffer.from(line, 'latin1'));
/** So many connections are open at once: fewer than one address may have. */
const AT_ONCE = 3;

export const fuzzLiveBootup: FuzzTarget = async ({ rounds, seed, alive }) => {
  const random = randomNumbers(seed);
  const counts = { welcomed: 0, ended: 0, refused: 0 };
  const down: string[] = [];
  const server = await startBootupServer({
    ...{ address: '127.0.0.1', port: 0 },
    isServed: () => true,
    isKnown: (address) => address === NODE,
    onLimit: () => undefined,
    openLogs: () => ({ kind: 'stranger' }),
    publish: (events) => {
      counts.refused += events.filter(({ kind }) => kind === 'ignored').length;
    },
    open: (address) => {
      counts.welcomed += 1;
      return {
        events: [],
        onEnd: () => {
          counts.ended += 1;
          if (address === NODE) down.push(address);
          return [];
        },
      };
    },
  });
  const node = connect({ host: '127.0.0.1', port: server.port, localAddress: NODE });
  node.write('REQ_NOTIFY_BOOTUP_STATUS\n');
  await once(node, 'data');
  for (let round = 0; round < rounds; round += AT_ONCE) {
    const sent = Array.from({ length: AT_ONCE }, () => {
      const line = CORPUS[Math.floor(random() * CORPUS.length)] ?? Buffer.alloc(0);
      return mutate(line, random);
    });
    await Promise.all(sent.map((bytes, index) => say(server.port, { bytes, index })));
    if (down.length > 0) throw new FuzzFault(round, sent[0] ?? Buffer.alloc(0), 'the node is down');
    alive(round);
  }
  node.destroy();
  await server.close();
  return { connections: rounds, ...counts };
};

/** Sends and closes, once the server has answered or closed by itself. */
async function say(
  port: number,
  { bytes, index }: { readonly bytes: Uint8Array; readonly index: number },
): Promise<void> {
  const socket: Socket = connect({ host: '127.0.0.1', port, localAddress: `127.0.6.${index + 1}` });
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.on('error', () => socket.destroy());
  socket.on('data', () => socket.destroy());
  socket.end(bytes);
  await closed;
}
