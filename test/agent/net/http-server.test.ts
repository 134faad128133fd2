import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { Device } from '../../../agent/devices/device.ts';
import type { FileOutcome } from '../../../agent/handlers/find-file.ts';
import { type HttpTransfer, startHttpServer } from '../../../agent/net/http-server.ts';
import { runProgram } from '../../../lab/programs/run-program.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const device: Device = {
  mac: '52:54:00:f2:67:82',
  ip: '127.0.0.1',
  name: 'pc',
  type: 'unknown',
  firstSeen: 0,
};

/** A server on loopback that knows three paths, and what it reported. */
async function serve(t: ExecutionContext) {
  const folder = await temporaryFolder(t);
  const path = join(folder, 'kernel');
  const content = Buffer.alloc(3_000_000, 'k');
  await writeFile(path, content);
  const transfers: HttpTransfer[] = [];
  const problems: unknown[] = [];
  const answers: Record<string, FileOutcome['found']> = {
    '/boot/kernel': { kind: 'file', path, size: content.length },
    '/boot/start.ipxe': { kind: 'bytes', bytes: Buffer.from('#!ipxe\n') },
    '/boot/../x': { kind: 'refused', reason: 'no' },
    '/boot/none': { kind: 'not-found', reason: 'no' },
    '/boot/gone': { kind: 'file', path: `${path}.gone`, size: 5 },
  };
  const server = await startHttpServer({
    address: '127.0.0.1',
    port: 0,
    handler: async (asked) => {
      const found = answers[asked];
      return found === undefined ? undefined : { found, device, events: [] };
    },
    onTransfer: (transfer) => transfers.push(transfer),
    onProblem: (reason) => problems.push(reason),
  });
  const { port } = server;
  t.teardown(() => server.close());
  const curl = (asked: string, ...options: string[]) =>
    runProgram(['curl', '-sS', '--path-as-is', ...options, `http://127.0.0.1:${port}${asked}`]);
  return { curl, content, transfers, problems, port };
}

test('HTTP server sends a file whole and reports it with its bytes', async (t) => {
  const { curl, content, transfers } = await serve(t);
  const { stdout } = await curl('/boot/kernel');
  t.true(stdout.equals(content));
  t.like(transfers, [
    { path: 'kernel', bytes: content.length, outcome: 'complete', mac: device.mac },
  ]);
});

test('HTTP server answers HEAD without content', async (t) => {
  const { curl } = await serve(t);
  const { said } = await curl('/boot/kernel', '--head');
  t.regex(said, /200 OK[\s\S]*content-length: 3000000/i);
});

test('HTTP server ignores the query, as ?node_ip= of older loaders', async (t) => {
  const { curl } = await serve(t);
  t.is((await curl('/boot/start.ipxe?node_ip=192.168.152.2')).stdout.toString(), '#!ipxe\n');
});

const refusals = [
  ['/boot/none', '404'],
  ['/elsewhere', '404'],
  ['/boot/../x', '403'],
  ['/boot/%ff', '400'],
] as const;

for (const [path, status] of refusals) {
  test(`HTTP server answers ${path} with ${status} and an empty body`, async (t) => {
    const { curl } = await serve(t);
    const { stdout } = await curl(path, '-w', '%{http_code} %{size_download}');
    t.is(stdout.toString(), `${status} 0`);
  });
}

test('HTTP server refuses to be written to', async (t) => {
  const { curl } = await serve(t);
  const { stdout } = await curl('/boot/kernel', '-X', 'PUT', '-d', 'x', '-w', '%{http_code}');
  t.is(stdout.toString(), '405');
});

test('HTTP server reports a client that goes away, and serves the next', async (t) => {
  const { curl, transfers, content } = await serve(t);
  await curl('/boot/kernel', '--max-filesize', '1000');
  for (let tries = 0; transfers.length === 0 && tries < 100; tries += 1) await wait();
  t.not(transfers.length, 0);
  t.is((await curl('/boot/kernel')).stdout.length, content.length);
});

test('HTTP server goes on after a file vanished under it', async (t) => {
  const { curl, content } = await serve(t);
  t.not((await curl('/boot/gone')).code, 0);
  t.is((await curl('/boot/kernel')).stdout.length, content.length);
});

function wait(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 20));
}
