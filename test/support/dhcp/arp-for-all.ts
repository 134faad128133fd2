// A machine that answers ARP for everybody, for a test to run in a namespace. Argument: interface.
import { openPacketSocket } from '../../../agent/net/frames/packet-socket.ts';
import { decodeArp, encodeArp } from '../../../agent/protocol/ethernet/arp.ts';
import {
  decodeEthernet,
  encodeEthernet,
  etherTypes,
} from '../../../agent/protocol/ethernet/frame.ts';

const [networkInterface = ''] = process.argv.slice(2);

await openPacketSocket(networkInterface, {
  onFrame: (bytes, mac) => {
    const { type, source, payload } = decodeEthernet(bytes);
    if (type !== etherTypes.arp || source === mac) return undefined;
    const { operation, senderMac, senderIp, targetIp } = decodeArp(payload);
    if (operation !== 'request') return undefined;
    const answer = { senderMac: mac, senderIp: targetIp, targetMac: senderMac, targetIp: senderIp };
    return encodeEthernet({
      destination: source,
      source: mac,
      type: etherTypes.arp,
      payload: encodeArp({ operation: 'reply', ...answer }),
    });
  },
  onProblem: (reason) => console.log(reason),
});
console.log('answering');
