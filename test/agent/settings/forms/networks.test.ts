import test from 'ava';
import { networks } from '../../../../agent/settings/forms/networks.ts';
import { reads, refuses } from './form-cases.ts';

const waltNet = { name: 'walt-net' };

test('networks are read with their limits', reads, networks, [
  ['walt-net', [waltNet]],
  ['walt-net,home-net', [waltNet, { name: 'home-net' }]],
  [
    'walt-net,home-net[lat=8ms,bw=100Mbps]',
    [waltNet, { name: 'home-net', latencyMs: 8, bitsPerSecond: 100e6 }],
  ],
  [
    'walt-net[bw=1Gbps],a[lat=1ms],b[bw=10Kbps,lat=10000ms]',
    [
      { name: 'walt-net', bitsPerSecond: 1e9 },
      { name: 'a', latencyMs: 1 },
      { name: 'b', latencyMs: 10_000, bitsPerSecond: 10e3 },
    ],
  ],
  [
    'walt-net,abcdefghijklmno[bw=100Gbps]',
    [waltNet, { name: 'abcdefghijklmno', bitsPerSecond: 100e9 }],
  ],
]);

test('networks refuses a list without walt-net in front', refuses, networks, [
  ['home-net', /boots by walt-net, expected it first/],
  ['home-net,walt-net', /expected it first/],
  ['walt-net,walt-net', /'walt-net' is there twice/],
  ['walt-net,a,a[lat=1ms]', /'a' is there twice/],
  ['walt-net,a,b,c,d,e,f,g,h', /expected 8 networks at most/],
]);

test('networks refuses names that no interface may have', refuses, networks, [
  ['walt-net,Home', /'Home' is no name of a network: .*15 small letters, digits and dashes/],
  ['walt-net,1net', /'1net' is no name/],
  ['walt-net,-net', /'-net' is no name/],
  ['walt-net,a b', /'a b' is no name/],
  ['walt-net,../x', /is no name/],
  ['walt-net,abcdefghijklmnop', /is no name/],
]);

test('networks refuses limits that are nonsense', refuses, networks, [
  ['walt-net[lat=0ms]', /lat=0ms: expected 1ms to 10000ms/],
  ['walt-net[lat=10001ms]', /lat=10001ms/],
  ['walt-net[lat=8]', /lat=8: expected/],
  ['walt-net[lat=-8ms]', /lat=-8ms: expected/],
  ['walt-net[bw=9Kbps]', /bw=9Kbps: expected 10Kbps to 100Gbps/],
  ['walt-net[bw=101Gbps]', /bw=101Gbps/],
  ['walt-net[bw=100M]', /bw=100M: expected/],
  ['walt-net[loss=1]', /'walt-net' has no option 'loss', expected lat or bw/],
  ['walt-net[lat=1ms,lat=2ms]', /'walt-net' has option 'lat' twice/],
]);

test('networks refuses lists and brackets that are not closed or empty', refuses, networks, [
  ['', /expected names with commas/],
  ['walt-net,', /expected names with commas/],
  ['walt-net[]', /expected names with commas/],
  ['walt-net[lat=8ms', /expected names with commas/],
  ['walt-net]lat=8ms[', /expected names with commas/],
  ['walt-net[[lat=8ms]]', /expected names with commas/],
]);
