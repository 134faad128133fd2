/**
 * Files that nobody wants, read over loopback by this process itself. Node compiles well only what has run often: without this the
 * first boards after a start would be served by code that is interpreted.
 */
import dgram, { type Socket } from 'node:dgram';
import { once } from 'node:events';
import { encodeTftp, opcodes } from '../../protocol/tftp/packet.ts';
import type { DatagramBatches } from '../ffi/datagram-batches.ts';
import { numericAddress } from '../numeric-address.ts';
import { PracticeFrames } from './practice-frames.ts';
import { startTftpServer } from './server.ts';

/** How much is practised, and when. */
export type TftpPracticeOptions = {
  /** where the server takes and sends many datagrams with one call */
  readonly batches?: DatagramBatches | undefined;
  /** milliseconds until it begins: a server that starts has other things to do, and DHCP goes first */
  readonly afterMs?: number;
  /** transfers at once: more than have a port of their own (`ports.ts`) */
  readonly clients?: number;
  /** of each file */
  readonly bytes?: number;
};

const HOST = '127.0.0.1';
const AFTER_MS = 12_000;
/** Where nothing comes back over loopback, it ends without a word. */
const MOST_MS = 10_000;
const CLIENTS = 24;
const BYTES = 192 * 1024;

type Way = {
  readonly blksize: number;
  readonly windowsize: number;
  /** clients at once, at most */
  readonly most?: number;
  /** files of so many times the usual length */
  readonly times?: number;
};

/**
 * What boot loaders ask for: blocks of RFC 1350, of a frame, and windows of these (RFC 7440). The last one is for as many as do not share
 * ports (`ports.ts`). Each of them is looked for (`attention.ts`), as a machine that boots alone is: most boards load so, and what they
 * wait for is compiled last. Several at once, since the server looks for 0.2 ms before their acknowledgements can come.
 */
const WAYS: readonly Way[] = [
  { blksize: 512, windowsize: 1 },
  { blksize: 1428, windowsize: 1 },
  { blksize: 1428, windowsize: 16 },
  { blksize: 512, windowsize: 4 },
  { blksize: 1468, windowsize: 1 },
  { blksize: 512, windowsize: 1, most: 8, times: 4 },
];

/** Begins later, and never harms: what fails ends it. @returns what ends it */
export function startTftpPractice(options: TftpPracticeOptions): () => Promise<void> {
  const ending = new AbortController();
  const done = practiseTftp(options, ending.signal).catch(() => undefined);
  return async () => {
    ending.abort();
    await done;
  };
}

/**
 * @returns bytes that were read
 * @throws whatever ended it early: `ending`, or a loopback that carries nothing
 */
export async function practiseTftp(
  { batches, afterMs = AFTER_MS, clients = CLIENTS, bytes = BYTES }: TftpPracticeOptions,
  ending: AbortSignal,
): Promise<number> {
  if (afterMs > 0) await pause(afterMs, ending);
  const late = AbortSignal.any([ending, AbortSignal.timeout(MOST_MS)]);
  let read = 0;
  for (const way of WAYS) {
    const { most = clients, times = 1 } = way;
    const length = Math.min(clients, most);
    read += await practiseWay({ way, batches, late, clients: length, bytes: bytes * times });
  }
  return read;
}

type Practised = {
  readonly way: Way;
  readonly batches: DatagramBatches | undefined;
  readonly late: AbortSignal;
  readonly clients: number;
  readonly bytes: number;
};

/** With a server of its own: what V8 has compiled for one server alone it would throw away when another one is asked. */
async function practiseWay({ way, batches, late, clients, bytes }: Practised): Promise<number> {
  const content = { kind: 'bytes', bytes: new Uint8Array(bytes) } as const;
  const limits = { running: clients, runningPerClient: clients, waiting: 0, waitingPerClient: 0 };
  const isServed = (address: string) => address === HOST;
  const practised = batches && new PracticeFrames();
  const server = await startTftpServer(
    { address: HOST, port: 0, limits, isServed, batches, frames: practised?.frames },
    async () => content,
    () => undefined,
  );
  try {
    const all = Array.from({ length: clients }, () =>
      readFile(server.port, { way, late, practised }),
    );
    return (await Promise.all(all)).reduce((sum, length) => sum + length, 0);
  } finally {
    await server.close();
  }
}

async function pause(ms: number, ending: AbortSignal): Promise<void> {
  ending.throwIfAborted();
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms).unref();
  ending.addEventListener('abort', () => resolve(), { once: true });
  await promise;
  clearTimeout(timer);
  ending.throwIfAborted();
}

type Client = {
  readonly way: Way;
  readonly late: AbortSignal;
  readonly practised: PracticeFrames | undefined;
};

/** One client, on a port of its own (RFC 1350 §4). @returns bytes of the file */
async function readFile(port: number, client: Client): Promise<number> {
  const { late } = client;
  const socket = dgram.createSocket({ type: 'udp4', lookup: numericAddress });
  try {
    // Before `bind`, which listens at once where no name is looked up.
    const listening = once(socket, 'listening', { signal: late });
    socket.bind(0, HOST);
    await listening;
    return await takeBlocks(socket, { ...client, port });
  } finally {
    socket.close();
  }
}

async function takeBlocks(
  socket: Socket,
  { port, way, late, practised }: Client & { readonly port: number },
): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const acknowledge = (block: number, to: number) =>
    socket.send(encodeTftp({ kind: 'ack', block }), to, HOST);
  let next = 1;
  let length = 0;
  socket.on('error', reject);
  late.addEventListener('abort', () => reject(late.reason), { once: true });
  const take = (packet: Buffer, from: { readonly port: number }) => {
    const opcode = packet.readUInt16BE(0);
    if (opcode === opcodes.options) return acknowledge(0, from.port);
    if (opcode !== opcodes.data) return reject(new Error(`TFTP practice: ${packet.toString()}`));
    // Nothing gets lost on the way; a block that is sent again is one that was acknowledged.
    const block = packet.readUInt16BE(2);
    if (block !== next) return;
    next += 1;
    length += packet.length - 4;
    const isLast = packet.length - 4 < way.blksize;
    if (isLast || block % way.windowsize === 0) acknowledge(block, from.port);
    if (isLast) resolve(length);
  };
  socket.on('message', take);
  practised?.clients.set(socket.address().port, take);
  const { blksize, windowsize } = way;
  const asked = windowsize === 1 ? { blksize } : { blksize, windowsize };
  const options = new Map(Object.entries(asked).map(([name, value]) => [name, String(value)]));
  socket.send(
    encodeTftp({ kind: 'read', filename: 'practice', mode: 'octet', options }),
    port,
    HOST,
  );
  return await promise;
}
