// The server that takes lines of experiments, on a port of loopback, with a real registry and log.
import { LogStreams } from '../../../agent/handlers/nodes/on-log-stream.ts';
import { type BootupServer, startBootupServer } from '../../../agent/net/bootup-server.ts';
import type { openRecords } from '../records.ts';

type Records = Awaited<ReturnType<typeof openRecords>>;

/** 127.0.0.1 and 127.0.0.2 are devices from then on; the one who started it closes it. @param now microseconds since 1970 */
export async function startLogServer(records: Records, now: number): Promise<BootupServer> {
  const { detection, journal, registry, store } = records;
  for (const last of [1, 2]) {
    await detection.see({ mac: `52:54:00:00:00:0${last}`, ip: `127.0.0.${last}`, model: 'm' });
  }
  const streams = new LogStreams({
    ...{ registry, countOf: store.logs.countOf, clock: () => now },
    write: (all, sent) => journal.take(all, sent),
  });
  return await startBootupServer({
    ...{ address: '127.0.0.1', port: 0, isServed: () => true, isKnown: () => true },
    ...{ onLimit: () => undefined, open: () => undefined, publish: () => undefined },
    openLogs: (address, head) => streams.open(address, head),
  });
}
