/** Our HTTP server on loopback, with curl as its client and a bare socket for what curl would not say. */
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import type { Device } from '../../../agent/devices/device.ts';
import type { FileOutcome } from '../../../agent/handlers/files/find-file.ts';
import {
  type HttpOptions,
  type HttpTransfer,
  startHttpServer,
} from '../../../agent/net/http/server.ts';
import { runProgram } from '../../../lab/programs/run-program.ts';
import { eventually } from '../lab.ts';
import { temporaryFolder } from '../temporary-folder.ts';

/** Who asks, whatever is asked for. */
export const device: Device = {
  mac: '52:54:00:f2:67:82',
  ip: '127.0.0.1',
  name: 'pc',
  type: 'unknown',
  firstSeen: 0,
};

/** A server that knows a few paths, and what it reported. */
export async function serveHttp(t: ExecutionContext, given: Partial<HttpOptions> = {}) {
  const folder = await temporaryFolder(t);
  const path = join(folder, 'kernel');
  const content = Buffer.alloc(3_000_000, 'k');
  await writeFile(path, content);
  const transfers: HttpTransfer[] = [];
  const problems: unknown[] = [];
  const handled: string[] = [];
  /** limits, and whose they are */
  const met: string[] = [];
  const answers: Record<string, FileOutcome['found']> = {
    '/boot/kernel': { kind: 'file', path, size: content.length },
    '/boot/start.ipxe': { kind: 'bytes', bytes: Buffer.from('#!ipxe\n') },
    '/boot/../x': { kind: 'refused', reason: 'no' },
    '/boot/none': { kind: 'not-found', reason: 'no' },
    '/boot/empty': { kind: 'bytes', bytes: Buffer.alloc(0) },
    '/boot/gone': { kind: 'file', path: `${path}.gone`, size: 5 },
    '/boot/folder': { kind: 'file', path: folder, size: 5 },
    // The kernel refuses to read it: a looped interface has no speed.
    '/boot/broken': { kind: 'file', path: '/sys/class/net/lo/speed', size: 4096 },
  };
  const server = await startHttpServer({
    address: '127.0.0.1',
    port: 0,
    isServed: () => true,
    isKnown: () => true,
    onLimit: (limit, from) => met.push(`${limit} ${from}`),
    handler: async (asked, address) => {
      handled.push(address);
      if (asked === '/boot/throws') throw new Error('no database');
      if (asked === '/media/large') {
        return { found: { kind: 'file', path, size: 0 }, isMedium: true, events: [] };
      }
      const found = answers[asked];
      return found === undefined ? undefined : { found, device, events: [] };
    },
    onTransfer: (transfer) => transfers.push(transfer),
    onProblem: (reason) => problems.push(reason),
    ...given,
  });
  const { port } = server;
  t.teardown(() => server.close());
  const curl = (asked: string, ...options: string[]) =>
    runProgram(['curl', '-sS', '--path-as-is', ...options, `http://127.0.0.1:${port}${asked}`]);
  /** What was reported, once so much is: a client has the last byte before that. */
  const reported = (count = 1) =>
    eventually(
      async () => transfers,
      ({ length }) => length >= count,
      30,
    );
  return { server, curl, path, content, reported, problems, handled, met, port };
}

/** All that the server says to `text` until it closes the connection, as the client asks it to. */
export async function sayRaw(port: number, text: string, from = '127.0.0.1'): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1', localAddress: from });
  socket.write(text);
  let said = '';
  socket.on('data', (bytes) => {
    said += bytes.toString('latin1');
  });
  await once(socket, 'close');
  return said;
}
