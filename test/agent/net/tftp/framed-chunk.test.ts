import test from 'ava';
import { ChunkFrame } from '../../../../agent/net/tftp/framed-chunk.ts';
import { encodeTftp } from '../../../../agent/protocol/tftp/packet.ts';

const cases = [
  { what: 'full blocks', first: 1, blockSize: 512, count: 3, length: 1536 },
  { what: 'a short last block', first: 1, blockSize: 1428, count: 46, length: 45 * 1428 + 7 },
  { what: 'an empty last block', first: 47, blockSize: 1468, count: 3, length: 2 * 1468 },
  { what: 'an empty file', first: 1, blockSize: 512, count: 1, length: 0 },
  { what: 'the smallest blocks', first: 1, blockSize: 8, count: 1024, length: 8192 },
  { what: 'numbers that begin anew', first: 65_535, blockSize: 8, count: 3, length: 20 },
];

for (const { what, first, blockSize, count, length } of cases) {
  test(`ChunkFrame makes the packets that the codec makes, one behind the other: ${what}`, (t) => {
    const content = Uint8Array.from({ length }, (_, at) => at * 31 + (at >> 8));
    const frame = new ChunkFrame({ first, blockSize }, { count, length });
    frame.content.set(content);
    const packets = frame.packets();
    t.is(packets.length, count);
    let end = 0;
    for (const [at, packet] of packets.entries()) {
      const bytes = content.subarray(at * blockSize, (at + 1) * blockSize);
      const block = (first + at) & 0xffff;
      t.deepEqual(Buffer.from(packet), Buffer.from(encodeTftp({ kind: 'data', block, bytes })));
      t.is(packet.byteOffset, end);
      t.is(packet.buffer, frame.content.buffer);
      end += packet.length;
    }
  });
}
