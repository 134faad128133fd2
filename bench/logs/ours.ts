// Our server as far as lines of nodes are concerned: `node ours.ts DATABASE PORT COUNT`. Knows COUNT nodes from 127.0.1.1 on.
import type { Device } from '../../agent/devices/device.ts';
import { LogStreams } from '../../agent/handlers/nodes/on-log-stream.ts';
import { Journal } from '../../agent/journal/journal.ts';
import { startBootupServer } from '../../agent/net/bootup-server.ts';
import { openSqliteStore } from '../../agent/store/sqlite/store.ts';
import { addressOf } from './nodes.ts';

const [file = '', port, count] = process.argv.slice(2);
const clock = () => Date.now() * 1000;
const { logs } = await openSqliteStore(file);
const journal = new Journal({ records: logs, print: console.error });
const devices = new Map(Array.from({ length: Number(count) }, (_, index) => nodeOf(index)));
const streams = new LogStreams({
  ...{ registry: { byIp: (ip) => devices.get(ip) }, countOf: logs.countOf, clock },
  write: (all, sent) => journal.take(all, sent),
});
await startBootupServer({
  ...{ address: '127.0.0.1', port: Number(port), isServed: () => true, isKnown: () => true },
  ...{ onLimit: () => undefined, open: () => undefined, publish: () => undefined },
  openLogs: (address, head) => streams.open(address, head),
});
console.log('ready');

function nodeOf(index: number): [string, Device] {
  const ip = addressOf(index);
  const mac = `52:54:00:00:01:${index.toString(16).padStart(2, '0')}`;
  return [ip, { mac, ip, name: `node-${index}`, type: 'unknown', firstSeen: 0 }];
}
