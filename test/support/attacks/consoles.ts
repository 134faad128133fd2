// What devices can do to consoles by UDP, and local callers by the API.
import dgram from 'node:dgram';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { Consoles } from '../../../agent/consoles/consoles.ts';
import { RequestError } from '../../../agent/errors.ts';
import { Places } from '../../../agent/host/queues/places.ts';
import { Pace } from '../../../agent/net/limits/pace.ts';
import { startConsoleDatagrams } from '../../../agent/net/logs/console-datagrams.ts';
import { BURST_SECONDS, ConsoleEar } from '../../../agent/net/logs/console-ear.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { type Attack, until } from './attack.ts';

const MAC = '52:54:00:00:00:01';
const OTHER = '52:54:00:00:00:02';

async function open(t: ExecutionContext, mostViewers: number) {
  const met: string[] = [];
  const consoles = new Consoles({
    folder: join(await temporaryFolder(t), 'consoles'),
    ...{ limits: { fileBytes: 65_536, files: 4 }, clock: () => Date.now() * 1000 },
    places: new Places(
      { inAll: mostViewers, perUser: mostViewers, perAddress: mostViewers },
      { action: 'look at a console', onFull: (whose) => met.push(`console-viewers ${whose}`) },
    ),
    isKnown: (mac) => [MAC, OTHER].includes(mac),
    log: async () => undefined,
    onProblem: (reason) => t.fail(String(reason)),
  });
  t.teardown(() => consoles.close());
  return { met, consoles };
}

const viewers: Attack = async (t) => {
  const { met, consoles } = await open(t, 2);
  const ends = [new AbortController(), new AbortController()];
  const look = ({ signal }: AbortController) =>
    consoles.visit(MAC, {
      user: 'alice',
      from: '',
      wish: 'write',
      history: 0,
      follows: true,
      signal,
    });
  const visits = ends.map(look);
  t.deepEqual(
    visits.map(({ isWriter }) => isWriter),
    [true, false],
  );
  t.throws(() => look(new AbortController()), { instanceOf: RequestError });
  for (const end of ends) end.abort();
  t.true(look(new AbortController()).isWriter, 'who has gone holds no place and no keys');
  return met;
};

/** A flood of one device takes nothing from another, and strangers are not heard. */
const flood: Attack = async (t) => {
  const { met, consoles } = await open(t, 2);
  const ear = new ConsoleEar({
    pace: new Pace(BURST_SECONDS, () => performance.now()),
    macOf: (address) =>
      new Map([
        ['127.0.0.1', MAC],
        ['127.0.0.2', OTHER],
      ]).get(address),
    isKnown: () => true,
    hear: (mac, source, bytes) => consoles.hear(mac, source, bytes),
    onLimit: (limit, from) => met.push(`${limit} ${from}`),
  });
  const server = await startConsoleDatagrams({
    ...{ address: '127.0.0.1', port: 0, ear, isServed: () => true },
    onLoader: () => undefined,
    onProblem: (reason) => t.fail(String(reason)),
  });
  t.teardown(() => server.close());
  const say = async (address: string, text: string, times: number) => {
    const socket = dgram.createSocket('udp4');
    await new Promise<void>((resolve) => socket.bind({ address, port: 0 }, resolve));
    for (let sent = 0; sent < times; sent += 1) {
      await new Promise((resolve) => socket.send(text, server.port, '127.0.0.1', resolve));
      // The server is in this process, and the kernel keeps few packets for it.
      await new Promise((resolve) => setImmediate(resolve));
    }
    socket.close();
  };
  await say('127.0.0.3', 'of nobody\n', 10);
  await say('127.0.0.1', `${'x'.repeat(1400)}\n`, 600);
  await until(() => met.length > 0);
  await say('127.0.0.2', 'heard\n', 1);
  let text = '';
  const end = new AbortController();
  const { shown } = consoles.visit(OTHER, {
    ...{ user: 'alice', from: '', wish: 'watch', history: 10, follows: true, signal: end.signal },
  });
  for await (const some of shown) {
    for (const one of some) if (one.kind === 'said') text += Buffer.from(one.entry.bytes);
    if (text.length > 0) end.abort();
  }
  t.is(text, 'heard\n');
  return met;
};

/** By the row that each of them meets. */
export const consoleAttacks = {
  'console-viewers': viewers,
  'console-datagrams': flood,
} as const satisfies Readonly<Record<string, Attack>>;
