import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { startTftpServer, type TftpReport } from '../../../agent/net/tftp/server.ts';
import { type TftpClientProgram, tftpClientPrograms } from '../../../lab/clients/tftp-programs.ts';
import { readTftp } from '../../../lab/clients/tftp-reader.ts';
import { openLossyRelay } from '../../../lab/network/lossy-relay.ts';
import { runProgram } from '../../../lab/programs/run-program.ts';
import { Collector } from '../../support/servers/collector.ts';
import { datagramBatches } from '../../support/servers/datagram-way.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const mostBytes = 400_000;
/** Each of its losses takes seconds. */
const slowBytes = 20_000;
const seed = 31;

const completes = test.macro<[client: TftpClientProgram, percent: number]>({
  exec: async (t, client, percent) => {
    const size = client.isSlow ? slowBytes : mostBytes;
    const folder = await temporaryFolder(t);
    const path = join(folder, 'file');
    const to = join(folder, 'copy');
    await writeFile(path, randomBytes(size));
    const reports = new Collector<TftpReport>();
    const server = await startTftpServer(
      { address: '127.0.0.1', port: 0, batches: await datagramBatches() },
      async () => ({ kind: 'file', path, size }),
      reports.add,
    );
    const relay = await openLossyRelay({ serverPort: server.port, seed, percent });
    t.teardown(async () => {
      relay.close();
      await server.close();
    });
    const argv = client.command({ port: relay.port, file: 'file', to });
    const { code, said } = await runProgram(argv, { seconds: 240 });
    t.is(code, 0, `seed ${seed}: ${argv.join(' ')}: ${said}`);
    t.true((await readFile(to)).equals(await readFile(path)));
    t.true(relay.counts.lost > 0 && relay.counts.held > 0, JSON.stringify(relay.counts));
  },
  title: (_, client, percent) =>
    `startTftpServer() serves ${client.name} over a link that loses, doubles and delays ${percent} %`,
});

for (const client of tftpClientPrograms) {
  if (!client.isSlow) test(completes, client, 1);
  test(completes, client, 5);
}

test('startTftpServer() serves 40 clients at once over a link that loses 5 %', async (t) => {
  const bytes = randomBytes(100_000);
  const server = await startTftpServer(
    { address: '127.0.0.1', port: 0, batches: await datagramBatches() },
    async () => ({ kind: 'bytes', bytes }),
    () => undefined,
  );
  const relay = await openLossyRelay({ serverPort: server.port, seed, percent: 5 });
  t.teardown(async () => {
    relay.close();
    await server.close();
  });
  const wishes = [{}, { blksize: 1428 }, { blksize: 1428, windowsize: 4 }, { windowsize: 16 }];
  const read = await Promise.all(
    Array.from({ length: 40 }, (_, at) =>
      readTftp({
        server: '127.0.0.1',
        port: relay.port,
        file: 'file',
        options: wishes[at % wishes.length] ?? {},
      }),
    ),
  );
  t.true(read.every((one) => one.equals(bytes)));
});
