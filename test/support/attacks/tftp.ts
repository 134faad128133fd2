// Attacks on the TFTP server: requests in the name of many addresses, none of which ever acknowledges anything.
import type { ExecutionContext } from 'ava';
import type { TftpReadHandler } from '../../../agent/protocol/tftp/exchange.ts';
import { UdpClient } from '../../../lab/clients/udp-client.ts';
import { openTftp, packetOf, request, serveContent } from '../tftp/open-server.ts';
import { type Attack, HOSTILE, hostile, until } from './attack.ts';

const isKnown = (address: string) => address === '127.0.0.1';
const limits = { running: 4, runningPerClient: 2, waiting: 8, waitingPerClient: 4 };

async function serve(t: ExecutionContext, given: Parameters<typeof openTftp>[1] = {}) {
  const met: string[] = [];
  const asked: string[] = [];
  const handler: TftpReadHandler = (read, client) => {
    asked.push(client.address);
    return serveContent(read, client);
  };
  const onLimit = (limit: string, from: string) => met.push(`${limit} ${from}`);
  const opened = await openTftp(t, { handler, isKnown, onLimit, ...given });
  const dial = async (address: string) => {
    const socket = await UdpClient.open(address);
    t.teardown(() => socket.close());
    return socket;
  };
  return { ...opened, met, asked, dial };
}

const networks: Attack = async (t) => {
  const { server, client, asked, met, dial } = await serve(t, { isServed: isKnown });
  const stranger = await dial(HOSTILE);
  for (let count = 0; count < 100; count += 1) stranger.send(request('there'), server.port);
  await until(() => met.length > 0);
  client.send(request('there'), server.port);
  t.is(packetOf(await client.receive()).kind, 'data');
  t.deepEqual(asked, ['127.0.0.1']);
  t.is(stranger.unread.length, 0);
  return met;
};

const running: Attack = async (t) => {
  const { server, client, asked, met, dial } = await serve(t, { limits });
  for (let index = 0; index < 9; index += 1) {
    (await dial(hostile(index))).send(request('there'), server.port);
  }
  await until(() => met.length >= 6);
  client.send(request('there'), server.port);
  t.is(packetOf(await client.receive()).kind, 'data');
  t.true(asked.indexOf('127.0.0.1') < 9, 'before strangers that asked earlier');
  return met;
};

const waiting: Attack = async (t) => {
  const { server, client, met, dial } = await serve(t, { limits });
  const strangers: UdpClient[] = [];
  for (let index = 0; index < 20; index += 1) {
    const stranger = await dial(hostile(index));
    stranger.send(request('there'), server.port);
    strangers.push(stranger);
  }
  await until(() => met.some((one) => one.startsWith('tftp-waiting')));
  client.send(request('there'), server.port);
  t.is(packetOf(await client.receive()).kind, 'data');
  const told = strangers.flatMap(({ unread }) => unread.map(packetOf));
  t.true(told.some(({ kind }) => kind === 'error'));
  return met;
};

/** By the row that each of them meets. */
export const tftpAttacks = {
  'tftp-networks': networks,
  'tftp-running': running,
  'tftp-waiting': waiting,
} as const satisfies Readonly<Record<string, Attack>>;
