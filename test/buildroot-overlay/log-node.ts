// The tools of a node for the log under the real busybox, and the real server and log on loopback, which may be away.
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { LogStreams } from '../../agent/handlers/nodes/on-log-stream.ts';
import { startBootupServer } from '../../agent/net/bootup-server.ts';
import { $ } from '../../scripts/run.ts';
import { openRecords } from '../support/records.ts';
import { createNodeSide, OVERLAY_BIN } from './keepers.ts';

const SERVER = '127.0.152.79';

/** @returns what runs tools of a node, serves them, and reads the log */
export async function openLogNode(t: ExecutionContext) {
  const { registry, detection, journal, store } = await openRecords(':memory:', {}, () =>
    Math.round(Date.now() * 1000),
  );
  // The kernel takes this address for a caller on loopback that binds none.
  for (const ip of ['127.0.0.1', SERVER]) {
    await detection.see({ mac: `52:54:00:00:00:0${ip === SERVER ? 2 : 1}`, ip, model: 'm' });
  }
  const streams = new LogStreams({
    ...{ registry, countOf: store.logs.countOf, clock: () => Date.now() * 1000 },
    write: (all, sent) => journal.take(all, sent),
  });
  /** @param port of one that was there before, or any */
  const serve = async (port = 0) => {
    const server = await startBootupServer({
      ...{ address: SERVER, port, isServed: () => true, isKnown: () => true },
      ...{ onLimit: () => undefined, open: () => undefined, publish: () => undefined },
      openLogs: (address, head) => streams.open(address, head),
    });
    let isClosed = false;
    const close = async () => {
      if (!isClosed) await server.close();
      isClosed = true;
    };
    t.teardown(close);
    return { port: server.port, close };
  };
  const node = await createNodeSide(`walt.server.ip=${SERVER}`);
  t.teardown(() => node.remove());
  const variables = (port: number) => ({
    ...process.env,
    WALT_CMDLINE: join(node.folder, 'cmdline'),
    WALT_NOTIFY_PORT: `${port}`,
    WALT_RETRY_SECONDS: '1',
    WALT_LOG_TRIES: '3',
    WALT_LOG_SECONDS: '20',
    TMPDIR: node.folder,
  });
  /** Runs a tool, with what standard input has. */
  const run = (
    port: number,
    [tool = '', ...words]: readonly string[],
    options: { readonly input?: string | Buffer; readonly env?: Record<string, string> } = {},
  ) => {
    const { input, env = {} } = options;
    const shell = $({
      env: { ...variables(port), ...env },
      nothrow: true,
      ...(input === undefined ? {} : { input }),
      stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    });
    return shell`${join(OVERLAY_BIN, tool)} ${words}`;
  };
  /** Lines of devices, and their times. */
  const logs = async () => {
    const all = await store.logs.read({ limit: 200_000 });
    return all.filter(({ issuer }) => issuer !== 'walt-server');
  };
  const lines = async () => (await logs()).map(({ stream, line }) => `${stream}: ${line}`);
  return { serve, run, logs, lines, node, variables };
}
