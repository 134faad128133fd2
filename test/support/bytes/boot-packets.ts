/** Good packets to damage: what real machines sent (`test/fixtures/captures`), and what they never send but may. */
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { encodeTftp } from '../../../agent/protocol/tftp/packet.ts';
import { readCapture } from './pcap.ts';

const folder = join(import.meta.dirname, '../../fixtures/captures');

async function captured(isWanted: (port: number) => boolean): Promise<Uint8Array[]> {
  const paths = globSync('*.pcap', { cwd: folder }).toSorted();
  const captures = await Promise.all(paths.map((path) => readCapture(join(folder, path))));
  return captures
    .flat()
    .filter(({ toPort }) => isWanted(toPort))
    .map(({ payload }) => payload);
}

export function dhcpSamples(): Promise<Uint8Array[]> {
  return captured((port) => port === 67 || port === 68);
}

/** Questions for the time, as clients of versions 1, 3 and 4 send them; the last with a signature. */
export async function sntpSamples(): Promise<Uint8Array[]> {
  return [0x0b, 0x1b, 0x23, 0xe3].map((first, index) => {
    const bytes = new Uint8Array(index === 3 ? 68 : 48).map((_, at) => (at * 7) & 255);
    bytes[0] = first;
    return bytes;
  });
}

export async function tftpSamples(): Promise<Uint8Array[]> {
  const options = new Map(
    Object.entries({ blksize: '1428', tsize: '0', timeout: '3', windowsize: '16' }),
  );
  const rare = [
    encodeTftp({ kind: 'read', filename: 'file', mode: 'octet', options }),
    encodeTftp({ kind: 'write', filename: 'file', mode: 'octet', options }),
    encodeTftp({ kind: 'error', code: 8, message: 'no' }),
    encodeTftp({ kind: 'options', options }),
    encodeTftp({ kind: 'ack', block: 0xffff }),
  ];
  return [...(await captured((port) => port === 69 || port > 1024)), ...rare];
}
