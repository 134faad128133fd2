import test from 'ava';
import { askerNetwork } from '../../../../agent/host/text/asker-network.ts';

for (const [address, network] of [
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:0DB8:0001:0002::1', '2001:db8:1:2::/64'],
  ['2001:db8:1:3::1', '2001:db8:1:3::/64'],
  ['2001:db8::1:0:0:1', '2001:db8:0:0::/64'],
  ['2001:db8:1:2:3::', '2001:db8:1:2::/64'],
  ['::1', '0:0:0:0::/64'],
  ['::', '0:0:0:0::/64'],
  ['64:ff9b::192.0.2.1', '64:ff9b:0:0::/64'],
  ['1:2:3:4:5:6:192.0.2.1', '1:2:3:4::/64'],
  ['fe80::5054:ff:fe12:3456%walt0', 'fe80:0:0:0::/64%walt0'],
  ['192.0.2.1', '192.0.2.1'],
  ['', ''],
] as const) {
  test(`askerNetwork() counts '${address}' by '${network}'`, (t) => {
    t.is(askerNetwork(address), network);
  });
}
