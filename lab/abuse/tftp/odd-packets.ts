// TFTP as no loader speaks it: ways out of the folder, control characters, writes, options without sense, noise.
import dgram from 'node:dgram';
import { encodeTftp } from '../../../agent/protocol/tftp/packet.ts';
import { type Attack, again, type Ground, noise, oneOf, pick } from '../attack.ts';
import { HOSTILE_PATHS } from '../paths.ts';

const PAUSE_MS = 50;
const ODD = ['0', '-1', '65536', '1e9', '', '\u001b[2J', '9'.repeat(100)];

export const oddTransfers: Attack = {
  name: 'odd-transfers',
  what: 'TFTP: ways out of the folder, writes, options without sense, noise',
  run: async (ground, count) => {
    const socket = dgram.createSocket('udp4').on('error', () => undefined);
    await again(ground, PAUSE_MS, () => {
      socket.send(packet(ground), 69, ground.server);
      count();
    });
    socket.close();
  },
};

function packet(ground: Ground): Uint8Array {
  const filename = Buffer.from(oneOf(ground, HOSTILE_PATHS).slice(0, 400)).toString('latin1');
  const names = ['blksize', 'tsize', 'timeout', 'windowsize', 'rollover', '\u0007'];
  const options = new Map(names.map((name) => [name, oneOf(ground, ODD)]));
  return oneOf(ground, [
    () => encodeTftp({ kind: 'read', filename, mode: 'octet', options: new Map() }),
    () => encodeTftp({ kind: 'read', filename: 'kernel', mode: oneOf(ground, ODD), options }),
    () => encodeTftp({ kind: 'write', filename, mode: 'octet', options }),
    () => encodeTftp({ kind: 'error', code: pick(ground, 65_536), message: '\u001b[2J\r\nowned' }),
    () => noise(ground, pick(ground, 600)),
  ])();
}
