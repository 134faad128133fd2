import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import anyTest, { type TestFn } from 'ava';
import {
  startTftpServer,
  type TftpReport,
  type TftpServer,
} from '../../../agent/net/tftp/server.ts';
import type { TftpReadHandler } from '../../../agent/protocol/tftp/exchange.ts';
import { runProgram } from '../../../lab/programs/run-program.ts';
import { isPortFree, openDescriptors } from '../../support/process/held.ts';
import { Collector } from '../../support/servers/collector.ts';
import { datagramBatches } from '../../support/servers/datagram-way.ts';

type Context = { folder: string; server: TftpServer; reports: Collector<TftpReport> };
const test = anyTest as TestFn<Context>;

/** 33 MiB in blocks of 512 bytes are more blocks than the 16 bits of their number can count. */
const rollover = 33 * 1024 * 1024;
const sizes = [0, 511, 512, 513, 1428, 1428 * 70, 65_536, 1_000_003];

test.before(async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'walt-tftp-clients-'));
  await mkdir(join(folder, 'served'));
  for (const size of [...sizes, rollover]) {
    await writeFile(join(folder, 'served', String(size)), randomBytes(size));
  }
  const reports = new Collector<TftpReport>();
  const handler: TftpReadHandler = async ({ filename }) => {
    if (!/^\d+$/.test(filename)) return { kind: 'refuse', code: 1, message: 'no such file' };
    const path = join(folder, 'served', filename);
    return { kind: 'file', path, size: (await stat(path)).size };
  };
  const server = await startTftpServer(
    { address: '127.0.0.1', port: 0, batches: await datagramBatches() },
    handler,
    reports.add,
  );
  t.context = { folder, server, reports };
});

test.after.always(async (t) => {
  await t.context.server.close();
  await rm(t.context.folder, { recursive: true });
});

type Fetch = { readonly port: number; readonly file: string; readonly to: string };
type Client = { readonly name: string; command(fetch: Fetch): string[] };

const atftp = (options: Record<string, number>): Client['command'] => {
  const flags = Object.entries(options).flatMap(([name, value]) => [
    '--option',
    `${name} ${value}`,
  ]);
  return ({ port, file, to }) => [
    'atftp',
    ...flags,
    '--get',
    '-r',
    file,
    '-l',
    to,
    '127.0.0.1',
    String(port),
  ];
};
const curl = (...flags: string[]): Client['command'] => {
  return ({ port, file, to }) => [
    'curl',
    '--silent',
    '--show-error',
    ...flags,
    '-o',
    to,
    `tftp://127.0.0.1:${port}/${file}`,
  ];
};
const busybox = (...flags: string[]): Client['command'] => {
  return ({ port, file, to }) => [
    'busybox',
    'tftp',
    '-g',
    ...flags,
    '-r',
    file,
    '-l',
    to,
    '127.0.0.1',
    String(port),
  ];
};
const tftpHpa: Client['command'] = ({ port, file, to }) => [
  'tftp',
  '-m',
  'binary',
  '127.0.0.1',
  String(port),
  '-c',
  'get',
  file,
  to,
];

const clients: readonly Client[] = [
  { name: 'atftp', command: atftp({}) },
  { name: 'atftp with blksize and tsize', command: atftp({ blksize: 1428, tsize: 0 }) },
  { name: 'atftp with windowsize 4', command: atftp({ windowsize: 4 }) },
  {
    name: 'atftp with windowsize 16 and blksize',
    command: atftp({ windowsize: 16, blksize: 1428 }),
  },
  { name: 'atftp with timeout', command: atftp({ timeout: 2 }) },
  { name: 'tftp-hpa', command: tftpHpa },
  { name: 'curl with tsize and blksize', command: curl('--tftp-blksize', '1428') },
  { name: 'curl without options', command: curl('--tftp-no-options') },
  { name: 'busybox', command: busybox() },
  { name: 'busybox with blksize', command: busybox('-b', '1468') },
];

const digest = async (path: string) =>
  createHash('sha256')
    .update(await readFile(path))
    .digest('hex');

const fetches = test.macro<[client: Client, wanted: readonly number[]]>({
  exec: async (t, client, wanted) => {
    const { folder, server } = t.context;
    const own = await mkdtemp(join(folder, 'client-'));
    for (const size of wanted) {
      const to = join(own, String(size));
      const argv = client.command({ port: server.port, file: String(size), to });
      const { code, said } = await runProgram(argv, { seconds: 120 });
      t.is(code, 0, `${argv.join(' ')}: ${said}`);
      t.is(await digest(to), await digest(join(folder, 'served', String(size))), `${size} bytes`);
    }
  },
  title: (_, client, wanted) => {
    const what = wanted.length > 1 ? 'files' : `${wanted[0]} bytes`;
    return `startTftpServer() serves ${what} to ${client.name}`;
  },
});

for (const client of clients) test(fetches, client, sizes);

/** Without blksize, where the block number starts anew. */
for (const name of [
  'atftp',
  'atftp with windowsize 4',
  'tftp-hpa',
  'curl without options',
  'busybox',
]) {
  for (const client of clients.filter((one) => one.name === name)) {
    test.serial(fetches, client, [rollover]);
  }
}

test('startTftpServer() tells every client that a file is missing', async (t) => {
  const { folder, server } = t.context;
  const to = join(folder, 'missing');
  for (const client of clients) {
    const argv = client.command({ port: server.port, file: 'missing', to });
    const { code, said } = await runProgram(argv, { seconds: 30 });
    // tftp-hpa says so and exits with 0 all the same.
    t.true(code !== 0 || /no such file|file not found/i.test(said), `${argv.join(' ')}: ${said}`);
  }
});

test('startTftpServer() frees what a killed client held', async (t) => {
  const { folder } = t.context;
  const path = join(folder, 'served', String(rollover));
  const copy = join(folder, 'held');
  await writeFile(copy, await readFile(path));
  const reports = new Collector<TftpReport>();
  const server = await startTftpServer(
    { address: '127.0.0.1', port: 0, batches: await datagramBatches() },
    async () => ({ kind: 'file', path: copy, size: rollover }),
    reports.add,
  );
  t.teardown(() => server.close());
  const [file = '', ...args] = atftp({})({
    port: server.port,
    file: 'x',
    to: join(folder, 'half'),
  });
  const client = spawn(file, args, { stdio: 'ignore' });
  while ((await openDescriptors(copy)) === 0) await new Promise(setImmediate);
  client.kill('SIGKILL');
  await once(client, 'exit');
  const [report] = await reports.wait(1, 60);
  t.like(report, { kind: 'transfer', outcome: 'timed-out' });
  t.is(await openDescriptors(copy), 0);
  t.false(await isPortFree(server.port));
});
