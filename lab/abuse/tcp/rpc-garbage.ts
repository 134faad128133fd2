// Noise and broken calls to rpcbind, NFS and mount, by TCP and UDP (RFC 5531).
import dgram from 'node:dgram';
import { type Attack, again, type Ground, noise, oneOf, pick } from '../attack.ts';
import { sendOnce } from '../connections.ts';

const PAUSE_MS = 50;
const PORTS = [111, 2049, 20_048];
const PROGRAMS = [100_000, 100_003, 100_005, 0xffffffff];

export const rpcGarbage: Attack = {
  name: 'rpc-garbage',
  what: 'broken calls to rpcbind, NFS and mount',
  run: async (ground, count) => {
    const socket = dgram.createSocket('udp4').on('error', () => undefined);
    await again(ground, PAUSE_MS, () => {
      const port = oneOf(ground, PORTS);
      const bytes = call(ground);
      if (pick(ground, 2) === 0) socket.send(bytes, port, ground.server);
      else
        sendOnce(ground, {
          port,
          from: oneOf(ground, ground.addresses),
          bytes: record(ground, bytes),
        });
      count();
    });
    socket.close();
  },
};

/** The head of a call that may be real, and what never fits. */
function call(ground: Ground): Buffer {
  const words = [
    pick(ground, 2 ** 31),
    0,
    2,
    oneOf(ground, PROGRAMS),
    pick(ground, 6),
    pick(ground, 24),
  ];
  const head = Buffer.alloc(words.length * 4);
  for (const [index, word] of words.entries()) head.writeUInt32BE(word, index * 4);
  return Buffer.concat([head, noise(ground, pick(ground, 600))]);
}

/** A record of TCP, whose length may lie. */
function record(ground: Ground, bytes: Buffer): Buffer {
  const mark = Buffer.alloc(4);
  const length = oneOf(ground, [bytes.length, 0x7fffffff, 0, bytes.length + 100_000]);
  mark.writeUInt32BE((0x80000000 | length) >>> 0);
  return Buffer.concat([mark, bytes]);
}
