import test from 'ava';
import { ipToNumber, isHostOf, isIp, numberToIp, parseCidr } from '../../../agent/protocol/ip.ts';

const sameBothWays = test.macro({
  exec(t, text: string, value: number) {
    t.is(ipToNumber(text), value);
    t.is(numberToIp(value), text);
  },
  title: (_, text) => `ipToNumber() and numberToIp() agree on ${text}`,
});
test(sameBothWays, '0.0.0.0', 0);
test(sameBothWays, '10.0.0.1', 0x0a000001);
test(sameBothWays, '192.168.152.14', 0xc0a8980e);
test(sameBothWays, '255.255.255.255', 0xffffffff);

for (const text of [
  '',
  '1.2.3',
  '1.2.3.4.5',
  '256.1.1.1',
  '01.2.3.4',
  '1.2.3.-4',
  '1.2.3.4 ',
  'a',
]) {
  test(`isIp() refuses ${JSON.stringify(text)}`, (t) => {
    t.false(isIp(text));
    t.throws(() => ipToNumber(text), { instanceOf: TypeError });
  });
}

test('numberToIp() refuses what is no u32', (t) => {
  for (const value of [-1, 2 ** 32, 0.5]) {
    t.throws(() => numberToIp(value), { instanceOf: RangeError });
  }
});

test('parseCidr() gives the bounds of the subnet', (t) => {
  t.deepEqual(parseCidr('192.168.152.1/24'), {
    address: '192.168.152.1',
    prefixLength: 24,
    netmask: '255.255.255.0',
    network: '192.168.152.0',
    broadcast: '192.168.152.255',
    firstHost: '192.168.152.1',
    lastHost: '192.168.152.254',
  });
  const wide = parseCidr('10.200.3.4/9');
  t.is(wide.network, '10.128.0.0');
  t.is(wide.broadcast, '10.255.255.255');
  t.is(wide.netmask, '255.128.0.0');
});

for (const text of [
  '192.168.152.1',
  '192.168.152.1/31',
  '192.168.152.1/0',
  '1.2.3/24',
  '1.2.3.4/x',
]) {
  test(`parseCidr() refuses ${text}`, (t) => {
    t.throws(() => parseCidr(text), { instanceOf: TypeError });
  });
}

test('isHostOf() excludes the network, its broadcast and other networks', (t) => {
  const subnet = parseCidr('192.168.152.1/24');
  t.true(isHostOf(subnet, '192.168.152.1'));
  t.true(isHostOf(subnet, '192.168.152.254'));
  for (const address of ['192.168.152.0', '192.168.152.255', '192.168.153.1', '192.168.151.254']) {
    t.false(isHostOf(subnet, address), address);
  }
});
