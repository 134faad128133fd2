/**
 * Damaged packets to a TFTP server that runs: to its listening socket and to those of transfers, from their own
 * clients and from strangers. Meanwhile a correct client reads a file again and again.
 */
import { randomBytes } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import { startTftpServer, type TftpReport } from '../../../agent/net/tftp/server.ts';
import { encodeTftp } from '../../../agent/protocol/tftp/packet.ts';
import { readTftp } from '../../../lab/clients/tftp-reader.ts';
import { UdpClient } from '../../../lab/clients/udp-client.ts';
import { randomNumbers } from '../../../lab/random-numbers.ts';
import { tftpSamples } from '../../support/bytes/boot-packets.ts';
import { mutate } from '../../support/bytes/mutate.ts';
import type { FuzzTarget } from '../target.ts';

const content = randomBytes(300_000);
const loopback = '127.0.0.1';
/** So many packets are sent before the server gets its turn: fewer than its socket holds. */
const burst = 16;

export const fuzzLiveTftp: FuzzTarget = async ({ rounds, seed, alive }) => {
  const random = randomNumbers(seed);
  const packets = await tftpSamples();
  const counts = { dropped: 0, transfers: 0 };
  const report = ({ kind }: TftpReport) => {
    counts[kind === 'dropped' ? 'dropped' : 'transfers'] += 1;
  };
  const server = await startTftpServer(
    { address: loopback, port: 0 },
    async ({ filename }) =>
      filename.length > 60
        ? { kind: 'refuse', code: 1, message: 'no such file' }
        : { kind: 'bytes', bytes: content },
    report,
  );
  const good = keepReading(server.port);
  const stranger = await UdpClient.open('127.0.2.1');
  let sent = 0;
  let toTransfers = 0;
  let victims = 0;
  while (sent < rounds) {
    // What one address leaves unfinished is not to keep the others waiting.
    victims += 1;
    const victim = await UdpClient.open(`127.0.3.${1 + (victims % 250)}`);
    const port = await beginTransfer(victim, server.port);
    for (let count = 0; count < 40 * burst && sent < rounds; count++, sent++) {
      const bytes = mutate(packets[Math.floor(random() * packets.length)] ?? content, random);
      const isForTransfer = random() < 0.5;
      if (isForTransfer) toTransfers += 1;
      const sender = random() < 0.5 ? victim : stranger;
      sender.send(bytes, isForTransfer ? port : server.port);
      if (count % burst === 0) await turn();
    }
    victim.close();
    stranger.forget();
    alive(sent);
  }
  stranger.close();
  const read = await good.stop();
  await server.close();
  return { packets: sent, toTransfers, ...counts, readMeanwhile: read };
};

async function beginTransfer(client: UdpClient, port: number): Promise<number> {
  const options = new Map([['windowsize', '4']]);
  client.send(encodeTftp({ kind: 'read', filename: 'file', mode: 'octet', options }), port);
  return (await client.receive()).port;
}

/** A correct client that reads on until it is stopped, and fails where what it reads is not the file. */
function keepReading(port: number): { stop(): Promise<number> } {
  let isStopped = false;
  let read = 0;
  const work = async () => {
    while (!isStopped || read === 0) {
      const options = read % 2 === 0 ? {} : { blksize: 1428, windowsize: 8 };
      const bytes = await readTftp({
        server: loopback,
        port,
        file: 'file',
        options,
        from: '127.0.4.1',
      });
      if (!bytes.equals(content)) throw new Error('The correct client read something else');
      read += 1;
    }
    return read;
  };
  const end = work();
  // Looked at by stop(); until then an early failure is not to end the process without its message.
  end.catch(() => undefined);
  return {
    stop: () => {
      isStopped = true;
      return end;
    },
  };
}
