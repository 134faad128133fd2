// Requests for the kernel in the names of many addresses, from as many ports, whose answers nobody acknowledges.
import { encodeTftp } from '../../../agent/protocol/tftp/packet.ts';
import { udpFrame } from '../../network/udp-frame.ts';
import { type Attack, again, oneOf, pick } from '../attack.ts';
import { poolAddress } from '../dhcp/packets.ts';

const PAUSE_MS = 50;
const AT_ONCE = 4;
const options = new Map([
  ['blksize', '1428'],
  ['windowsize', '64'],
]);
const request = encodeTftp({ kind: 'read', filename: 'kernel', mode: 'octet', options });

export const forgedRequests: Attack = {
  name: 'forged-requests',
  what: 'TFTP: 80 requests a second from other ports each, half of them in the names of others',
  run: (ground, count) =>
    again(ground, PAUSE_MS, () => {
      for (let sent = 0; sent < AT_ONCE; sent += 1) {
        const isOwn = sent % 2 === 0;
        const ip = isOwn ? oneOf(ground, ground.addresses) : poolAddress(ground);
        const from = { mac: ground.mac, ip, port: 1024 + pick(ground, 60_000) };
        const to = { mac: ground.serverMac, ip: ground.server, port: 69 };
        ground.wire.send(udpFrame(from, to, request));
      }
      count(AT_ONCE);
    }),
};
