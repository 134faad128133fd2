import { globSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { DecodeError } from '../../../agent/protocol/bytes.ts';
import { decodeDhcp } from '../../../agent/protocol/dhcp/decode.ts';
import { encodeDhcp } from '../../../agent/protocol/dhcp/encode.ts';
import type { DhcpPacket } from '../../../agent/protocol/dhcp/packet.ts';
import { decodeTftp, encodeTftp } from '../../../agent/protocol/tftp/packet.ts';
import { randomNumbers } from '../../../lab/random-numbers.ts';
import { mutate } from '../../support/bytes/mutate.ts';
import { readCapture } from '../../support/bytes/pcap.ts';

const folder = join(import.meta.dirname, '../../fixtures/captures');
const seed = 20_240_601;
const rounds = 20_000;

async function samples(wanted: (port: number) => boolean): Promise<Buffer[]> {
  const paths = globSync('*.pcap', { cwd: folder }).toSorted();
  const captures = await Promise.all(paths.map((path) => readCapture(join(folder, path))));
  return captures
    .flat()
    .filter(({ toPort }) => wanted(toPort))
    .map(({ payload }) => payload);
}

/** A damaged packet is refused by DecodeError or read; what was read can be written and read again. */
const survives = test.macro({
  exec: async (
    t,
    decode: (bytes: Uint8Array) => unknown,
    again: (bytes: Uint8Array) => unknown,
    wanted: (port: number) => boolean,
  ) => {
    const packets = await samples(wanted);
    const random = randomNumbers(seed);
    let read = 0;
    for (let round = 0; round < rounds; round++) {
      const packet = packets[Math.floor(random() * packets.length)] ?? Buffer.alloc(0);
      const bytes = mutate(packet, random);
      try {
        const value = decode(bytes);
        read += 1;
        if (round % 10 === 0) t.deepEqual(again(bytes), value);
      } catch (error) {
        if (!(error instanceof DecodeError)) {
          t.fail(`round ${round}, seed ${seed}, ${Buffer.from(bytes).toString('hex')}: ${error}`);
        }
      }
    }
    t.true(read > rounds / 20 && read < rounds, `${read} of ${rounds} were read`);
  },
  title: (name) => `${name} survives ${rounds} damaged packets`,
});

/** The order of options means nothing, and the encoder has its own. */
function byCode(packet: DhcpPacket): DhcpPacket {
  const { unknownOptions } = packet;
  if (!unknownOptions) return packet;
  const sorted = unknownOptions.toSorted((left, right) => left.code - right.code);
  return { ...packet, unknownOptions: sorted };
}

test(
  'decodeDhcp()',
  survives,
  (bytes) => byCode(decodeDhcp(bytes)),
  (bytes) => byCode(decodeDhcp(encodeDhcp(decodeDhcp(bytes)))),
  (port) => port === 67 || port === 68,
);
test(
  'decodeTftp()',
  survives,
  decodeTftp,
  (bytes) => decodeTftp(encodeTftp(decodeTftp(bytes))),
  (port) => port === 69 || port > 1024,
);
