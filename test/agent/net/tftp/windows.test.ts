import test from 'ava';
import { ack, openTftp, packetOf, request } from '../../../support/tftp/open-server.ts';

const blocks = 1280;

for (const windowSize of [1, 4, 8, 16, 64]) {
  test.serial(
    `startTftpServer() sends nothing twice to a client whose acknowledgements come twice, with windows of ${windowSize}`,
    async (t) => {
      const bytes = Buffer.alloc(blocks * 512 - 1, 'x');
      const { server, client, reports } = await openTftp(t, {
        handler: async () => ({ kind: 'bytes', bytes }),
      });
      client.send(request('file', { windowsize: String(windowSize) }), server.port);
      const { port } = await client.receive();
      const acknowledge = (block: number) => {
        for (let copy = 0; copy < 2; copy++) client.send(ack(block), port);
      };
      acknowledge(0);
      let have = 0;
      let received = 0;
      while (have < blocks) {
        const packet = packetOf(await client.receive());
        received += 1;
        if (packet.kind !== 'data' || packet.block !== have + 1) continue;
        have += 1;
        if (have % windowSize === 0 || have === blocks) acknowledge(have);
      }
      // A machine that is busy elsewhere for long may cost a window or two.
      t.true(received <= blocks + 3 * windowSize, `${received} packets for ${blocks} blocks`);
      t.like(await reports.wait(1), [{ outcome: 'complete', bytes: bytes.length }]);
    },
  );
}
