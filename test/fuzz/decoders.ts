/** Damaged packets into a decoder: each is read or refused by DecodeError, and nothing else ever comes out. */
import { DecodeError } from '../../agent/protocol/bytes.ts';
import { decodeDhcp } from '../../agent/protocol/dhcp/decode.ts';
import { decodeSntpRequest } from '../../agent/protocol/sntp/packet.ts';
import { decodeTftp } from '../../agent/protocol/tftp/packet.ts';
import { randomNumbers } from '../../lab/random-numbers.ts';
import { dhcpSamples, sntpSamples, tftpSamples } from '../support/bytes/boot-packets.ts';
import { mutate } from '../support/bytes/mutate.ts';
import { FuzzFault, type FuzzTarget } from './target.ts';

export const fuzzDhcpDecoder = decoderTarget(decodeDhcp, dhcpSamples);
export const fuzzSntpDecoder = decoderTarget(decodeSntpRequest, sntpSamples);
export const fuzzTftpDecoder = decoderTarget(decodeTftp, tftpSamples);

function decoderTarget(
  decode: (bytes: Uint8Array) => unknown,
  samples: () => Promise<Uint8Array[]>,
): FuzzTarget {
  return async ({ rounds, seed, alive }) => {
    const packets = await samples();
    const random = randomNumbers(seed);
    let read = 0;
    for (let round = 0; round < rounds; round++) {
      const packet = packets[Math.floor(random() * packets.length)] ?? new Uint8Array();
      const bytes = mutate(packet, random);
      try {
        decode(bytes);
        read += 1;
      } catch (error) {
        if (!(error instanceof DecodeError)) throw new FuzzFault(round, bytes, error);
      }
      if (round % 10_000 === 0) alive(round);
    }
    return { packets: rounds, read, refused: rounds - read };
  };
}
