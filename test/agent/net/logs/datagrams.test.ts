// Lines by UDP to the real server, registry and log, from addresses of loopback, by real clients.
import test, { type ExecutionContext } from 'ava';
import { LogStreams } from '../../../../agent/handlers/nodes/on-log-stream.ts';
import { startDatagrams } from '../../../../agent/net/logs/datagrams.ts';
import { netconsoleLine } from '../../../../agent/protocol/logs/netconsole.ts';
import { syslogLine } from '../../../../agent/protocol/logs/syslog.ts';
import { succeed } from '../../../../lab/programs/run-program.ts';
import { until } from '../../../support/attacks/attack.ts';
import { openRecords } from '../../../support/records.ts';

async function serve(
  t: ExecutionContext,
  what: { readonly stream: string; readonly lineOf: (line: string) => string },
  ip = '127.0.0.1',
) {
  const records = await openRecords(':memory:');
  const { registry, detection, journal, store, clock } = records;
  await detection.see({ mac: '52:54:00:00:00:01', ip, model: 'm' });
  const streams = new LogStreams({
    ...{ registry, countOf: store.logs.countOf, clock },
    write: (all, sent) => journal.take(all, sent),
  });
  const met: string[] = [];
  const server = await startDatagrams({
    ...{ ...what, address: '127.0.0.1', port: 0, isServed: () => true, publish: () => undefined },
    openLogs: (address, head) => streams.open(address, head),
    onLimit: (limit, from) => met.push(`${limit} ${from}`),
  });
  t.teardown(() => server.close());
  const lines = async (count: number) => {
    for (let tries = 0; tries < 500; tries += 1) {
      const all = await store.logs.read({ limit: 100, streams: [what.stream] });
      if (all.length >= count) return all.map(({ line }) => line);
    }
    return [];
  };
  return { port: server.port, lines, met };
}

test('netconsole: packets are lines of stream netconsole', async (t) => {
  const { port, lines } = await serve(t, { stream: 'netconsole', lineOf: netconsoleLine });
  for (const input of [
    '[    1.5] usb 1-1: new device\n',
    '6,416,1758426,-;the first chunk\n two lines\n',
    '4,1,2,c,ncfrag=0/33;a piece',
    '\n',
  ]) {
    await succeed(['socat', '-u', 'STDIN', `UDP:127.0.0.1:${port}`], { input });
  }
  t.deepEqual(await lines(4), [
    '[    1.5] usb 1-1: new device',
    'the first chunk',
    ' two lines',
    'a piece',
  ]);
});

test('syslog: messages of logger(1) are lines of stream syslog', async (t) => {
  const { port, lines } = await serve(t, { stream: 'syslog', lineOf: syslogLine });
  for (const rfc of ['--rfc3164', '--rfc5424']) {
    const to = ['--udp', '--server', '127.0.0.1', '--port', `${port}`, rfc];
    await succeed(['logger', ...to, '--priority', 'daemon.err', 'it is hot']);
  }
  const said = await lines(2);
  for (const line of said) t.regex(line, /^daemon\.err .*it is hot$/);
  t.is(said.length, 2);
});

test('lines by UDP from an address of no device are dropped', async (t) => {
  const { port, met } = await serve(t, { stream: 's', lineOf: (line) => line }, '127.0.0.9');
  await succeed(['socat', '-u', 'STDIN', `UDP:127.0.0.1:${port}`], { input: 'x\n' });
  await until(() => met.length > 0);
  t.deepEqual(met, ['log-strangers 127.0.0.1']);
});
