import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { SharedChunks } from '../../../../agent/net/files/shared-chunks.ts';
import { TftpAttention } from '../../../../agent/net/tftp/attention.ts';
import { TftpClock } from '../../../../agent/net/tftp/clock.ts';
import type { FramedChunk } from '../../../../agent/net/tftp/framed-chunk.ts';
import { TftpPorts } from '../../../../agent/net/tftp/ports.ts';
import { TftpTransfer } from '../../../../agent/net/tftp/transfer.ts';
import { encodeTftp } from '../../../../agent/protocol/tftp/packet.ts';
import { UdpClient } from '../../../../lab/clients/udp-client.ts';
import { datagramBatches } from '../../../support/servers/datagram-way.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const here = '127.0.0.1';

test('TftpTransfer sends nothing where its client asked anew while the file was opened', async (t) => {
  const path = join(await temporaryFolder(t), 'kernel');
  await writeFile(path, Buffer.alloc(1000));
  const client = await UdpClient.open();
  t.teardown(() => client.close());
  const place = { address: here, port: client.port };
  const ports = new TftpPorts(await datagramBatches());
  const transfer = new TftpTransfer(place, {
    attention: new TftpAttention({ transfers: () => 1 }),
    clock: new TftpClock(),
    chunks: new SharedChunks<FramedChunk>(1 << 20),
    ports,
    tell: () => t.fail('the client is told nothing'),
  });
  const request = {
    kind: 'read',
    filename: 'kernel',
    mode: 'octet',
    options: new Map([['blksize', '512']]),
  } as const;
  const result = await transfer.run(request, {
    address: here,
    answer: async () => {
      process.nextTick(() => transfer.abandon('asked anew'));
      return { kind: 'file', path, size: 1000 };
    },
    onSilence: () => undefined,
  });
  t.like(result, { outcome: 'aborted', message: 'asked anew' });
  const next = await ports.open(here, place, () => undefined);
  const first = encodeTftp({ kind: 'ack', block: 9 });
  next.sendOne(first);
  t.deepEqual(new Uint8Array((await client.receive()).bytes), new Uint8Array(first));
  next.close();
  t.is(ports.size, 0);
});
