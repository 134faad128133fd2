// A process that takes lines of nodes, to be killed: `node log-server.ts DATABASE ADDRESS PORT`. Says its port.
import { LogStreams } from '../../agent/handlers/nodes/on-log-stream.ts';
import { startBootupServer } from '../../agent/net/bootup-server.ts';
import { openRecords } from '../support/records.ts';

const [file, address = '', port] = process.argv.slice(2);
const clock = () => Date.now() * 1000;
const { registry, detection, journal, store } = await openRecords(file, {}, clock);
for (const [index, ip] of ['127.0.0.1', address].entries()) {
  await detection.see({ mac: `52:54:00:00:00:0${index}`, ip, model: 'm' });
}
const streams = new LogStreams({
  ...{ registry, countOf: store.logs.countOf, clock },
  write: (all, sent) => journal.take(all, sent),
});
const server = await startBootupServer({
  ...{ address, port: Number(port), isServed: () => true, isKnown: () => true },
  ...{ onLimit: () => undefined, open: () => undefined, publish: () => undefined },
  openLogs: (from, head) => streams.open(from, head),
});
console.log(server.port);
