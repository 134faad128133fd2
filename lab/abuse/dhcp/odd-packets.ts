// DHCP packets with bytes changed, cut, and put in, and noise.
import { encodeDhcp } from '../../../agent/protocol/dhcp/encode.ts';
import { type Attack, again, type Ground, noise, oneOf, pick } from '../attack.ts';
import { madeUpMac, packetOf, shoutBytes } from './packets.ts';

const PAUSE_MS = 100;
const AT_ONCE = 3;

export const oddPackets: Attack = {
  name: 'odd-packets',
  what: 'DHCP: packets with bytes changed, cut and put in, and noise',
  run: (ground, count) =>
    again(ground, PAUSE_MS, () => {
      for (let sent = 0; sent < AT_ONCE; sent += 1) {
        shoutBytes(ground, damaged(ground), ground.mac);
      }
      count(AT_ONCE);
    }),
};

function damaged(ground: Ground): Uint8Array {
  const mac = oneOf(ground, [...ground.victims, madeUpMac(ground)]);
  const good = encodeDhcp(
    packetOf(ground, mac, { vendorClass: 'walt.node.pc-x86-64', hostName: 'host' }),
  );
  return oneOf(ground, [
    () => good.subarray(0, pick(ground, good.length)),
    () => withNoise(ground, good),
    () => Buffer.concat([good, noise(ground, pick(ground, 800))]),
    () => noise(ground, pick(ground, 1200)),
  ])();
}

/** Some bytes behind the client's MAC are others: what names a real machine stays. */
function withNoise(ground: Ground, good: Uint8Array): Uint8Array {
  const bytes = Buffer.from(good);
  for (let changes = 0; changes < 6; changes += 1) {
    bytes[44 + pick(ground, bytes.length - 44)] = pick(ground, 256);
  }
  return bytes;
}
