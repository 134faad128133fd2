// Answers the server's question whether an address is free, for every fourth address: it is not.
import { decodeArp, encodeArp } from '../../../agent/protocol/ethernet/arp.ts';
import { encodeEthernet, etherTypes } from '../../../agent/protocol/ethernet/frame.ts';
import { ipToNumber } from '../../../agent/protocol/ip.ts';
import { type Attack, again } from '../attack.ts';
import { madeUpMac } from './packets.ts';

const NONE = '0.0.0.0';
const LOOK_MS = 1000;

export const arpAnswers: Attack = {
  name: 'arp-answers',
  what: 'ARP: every fourth free address is said to be taken',
  run: (ground, count) => {
    ground.wire.listen(({ type, payload }) => {
      if (type !== etherTypes.arp || ground.signal.aborted) return;
      const { operation, senderIp, senderMac, targetIp } = decodeArp(payload);
      if (operation !== 'request' || senderIp !== NONE || ipToNumber(targetIp) % 4 !== 0) return;
      const source = madeUpMac(ground);
      const answer = { operation: 'reply', senderMac: source, senderIp: targetIp } as const;
      const reply = encodeArp({ ...answer, targetMac: senderMac, targetIp: NONE });
      const type_ = etherTypes.arp;
      ground.wire.send(
        encodeEthernet({ destination: senderMac, source, type: type_, payload: reply }),
      );
      count();
    });
    return again(ground, LOOK_MS, () => undefined);
  },
};
