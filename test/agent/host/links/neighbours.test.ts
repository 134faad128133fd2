import test from 'ava';
import { neighbourIn } from '../../../../agent/host/links/neighbours.ts';

const TABLE = `IP address       HW type     Flags       HW address            Mask     Device
192.168.152.60   0x1         0x2         52:54:00:F2:67:82     *        walt-net
192.168.152.61   0x1         0x0         00:00:00:00:00:00     *        walt-net
192.168.152.6    0x1         0x6         52:54:00:00:00:06     *        walt-net
`;

for (const [ip, mac] of [
  ['192.168.152.60', '52:54:00:f2:67:82'],
  ['192.168.152.6', '52:54:00:00:00:06'],
  ['192.168.152.61', undefined],
  ['192.168.152.62', undefined],
  ['IP', undefined],
] as const) {
  test(`neighbourIn() finds ${mac ?? 'nobody'} at ${ip}`, (t) => {
    t.is(neighbourIn(TABLE, ip), mac);
  });
}
