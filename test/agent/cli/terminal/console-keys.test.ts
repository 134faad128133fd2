import test from 'ava';
import { ConsoleKeys } from '../../../../agent/cli/terminal/console-keys.ts';

const CASES: readonly (readonly [typed: readonly string[], keys: string, leaves: boolean])[] = [
  [['ls\r'], 'ls\r', false],
  [['\x01d'], '', true],
  [['\x01', 'd'], '', true],
  [['ab\x01dcd'], 'ab', true],
  [['\x01\x01'], '\x01', false],
  [['\x01', '\x01d'], '\x01d', false],
  [['\x01\x01\x01d'], '\x01', true],
  [['\x01xy'], 'y', false],
  [['\x03\x04\x1b[A'], '\x03\x04\x1b[A', false],
];

for (const [typed, keys, leaves] of CASES) {
  test(`ConsoleKeys: ${JSON.stringify(typed)}`, (t) => {
    const console = new ConsoleKeys();
    const taken = typed.map((part) => console.take(Buffer.from(part)));
    t.is(taken.map((one) => Buffer.from(one.keys).toString()).join(''), keys);
    t.is(taken.at(-1)?.leaves, leaves);
  });
}
