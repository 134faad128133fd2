import test from 'ava';
import { addressBlocks } from '../../../../agent/nfs/kernel/address-blocks.ts';
import { ipToNumber, numberToIp } from '../../../../agent/protocol/ip.ts';

/** All addresses of a block. */
function addressesOf(block: string): number[] {
  const [first = '', bits] = block.split('/');
  return Array.from({ length: 2 ** (32 - Number(bits)) }, (_, at) => ipToNumber(first) + at);
}

const blocks = test.macro((t, addresses: string[], expected: string[]) => {
  t.deepEqual(addressBlocks(addresses), expected);
  t.deepEqual(addressBlocks(addresses.toReversed()), expected);
});

test('addressBlocks() has none for nobody', blocks, [], []);
test('addressBlocks() has one of one address', blocks, ['10.0.0.1'], ['10.0.0.1/32']);
test(
  'addressBlocks() puts neighbours of one block together, and no others',
  blocks,
  ['10.0.0.1', '10.0.0.2', '10.0.0.3', '10.0.0.4'],
  ['10.0.0.1/32', '10.0.0.2/31', '10.0.0.4/32'],
);
test('addressBlocks() takes an address once', blocks, Array(3).fill('10.0.0.2'), ['10.0.0.2/32']);
test(
  'addressBlocks() sorts by number, up to the last address',
  blocks,
  ['255.255.255.255', '255.255.255.254', '9.0.0.0', '10.0.0.0', '0.0.0.0'],
  ['0.0.0.0/32', '9.0.0.0/32', '10.0.0.0/32', '255.255.255.254/31'],
);

test('addressBlocks() refuses what is no address', (t) => {
  t.throws(() => addressBlocks(['10.0.0.0/8']), { instanceOf: TypeError });
});

test('addressBlocks() holds each address once and no other, with no two blocks that are one', (t) => {
  // Pseudo-random, the same in each run: a linear congruential generator.
  let state = 1;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  for (let round = 0; round < 200; round += 1) {
    const density = next();
    const start = ipToNumber('10.0.0.0') + Math.floor(next() * 256);
    const numbers = Array.from({ length: 300 }, (_, at) => start + at).filter(
      () => next() < density,
    );
    const found = addressBlocks(numbers.map(numberToIp));
    t.deepEqual(found.flatMap(addressesOf), numbers);
    const joined = found.map((block) => {
      const [first = '', bits] = block.split('/');
      return `${Math.floor(ipToNumber(first) / 2 ** (33 - Number(bits)))}/${Number(bits) - 1}`;
    });
    t.is(new Set(joined).size, found.length);
  }
});
