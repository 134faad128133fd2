// Attacks on the server that tells the time: questions of strangers, and questions without end.
import type { ExecutionContext } from 'ava';
import { startSntpServer } from '../../../agent/net/sntp-server.ts';
import { UdpClient } from '../../../lab/clients/udp-client.ts';
import { type Attack, HOSTILE, until } from './attack.ts';

const QUESTION = Uint8Array.of(1);
const ANSWER = Uint8Array.of(2);

async function serve(t: ExecutionContext, isServed: (address: string) => boolean) {
  const met: string[] = [];
  const server = await startSntpServer({
    address: '127.0.0.1',
    port: 0,
    isServed,
    answer: () => ANSWER,
    onLimit: (limit, from) => met.push(`${limit} ${from}`),
    onError: (reason) => t.fail(String(reason)),
  });
  t.teardown(() => server.close());
  const dial = async (address: string) => {
    const socket = await UdpClient.open(address);
    t.teardown(() => socket.close());
    return socket;
  };
  return { met, server, dial };
}

const networks: Attack = async (t) => {
  const { met, server, dial } = await serve(t, (address) => address === '127.0.0.1');
  const stranger = await dial(HOSTILE);
  stranger.send(QUESTION, server.port);
  await until(() => met.length > 0);
  const client = await dial('127.0.0.1');
  client.send(QUESTION, server.port);
  t.deepEqual([...(await client.receive()).bytes], [...ANSWER]);
  t.is(stranger.unread.length, 0);
  return met;
};

const pace: Attack = async (t) => {
  const { met, server, dial } = await serve(t, () => true);
  const greedy = await dial(HOSTILE);
  for (let count = 0; count < 100; count += 1) greedy.send(QUESTION, server.port);
  await until(() => met.length > 20);
  const client = await dial('127.0.0.1');
  client.send(QUESTION, server.port);
  t.deepEqual([...(await client.receive()).bytes], [...ANSWER]);
  t.true(greedy.unread.length < 80);
  return met;
};

/** By the row that each of them meets. */
export const timeAttacks = {
  'ntp-networks': networks,
  'ntp-pace': pace,
} as const satisfies Readonly<Record<string, Attack>>;
