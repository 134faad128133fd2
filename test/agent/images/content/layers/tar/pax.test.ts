import test from 'ava';
import {
  countIn,
  parseTime,
  paxRecords,
  recordIn,
} from '../../../../../../agent/images/content/layers/tar/pax.ts';
import { TarError } from '../../../../../../agent/images/content/layers/tar/tar-error.ts';
import { pax } from '../../../../../support/images/layers/raw-tar.ts';

const read = (text: string) => paxRecords(Buffer.from(text, 'latin1'));

test('paxRecords() reads records in their order, with any bytes in values', (t) => {
  const records = [
    ['path', 'a=b c'],
    ['SCHILY.xattr.user.a', 'line\nbreak\0\xff'],
    ['path', ''],
    ['comment', 'c'.repeat(1000)],
  ] as const;
  const block = pax(records);
  const size = Number.parseInt(block.toString('latin1', 124, 135), 8);
  t.deepEqual(paxRecords(block.subarray(512, 512 + size)), records);
});

for (const text of [
  '6 a=b',
  '5 a=b\n',
  '7 a=b\n',
  '6 a=b\n\0',
  ' 6 a=b\n',
  '06x a=b\n',
  '-6 a=b\n',
  '6 abc\n',
  '5 =b\n',
  '3 \n',
  '999999999 a=b\n',
  '11 path=a\0\n',
  'a=b\n',
]) {
  test(`paxRecords() refuses ${JSON.stringify(text)}`, (t) => {
    t.throws(() => read(text), { instanceOf: TarError });
  });
}

test('paxRecords() refuses records that are cut anywhere but between them', (t) => {
  const text = '6 a=b\n12 path=cde\n';
  for (let length = 1; length < text.length; length += 1) {
    const cut = text.slice(0, length);
    if (length === 6) t.deepEqual(read(cut), [['a', 'b']]);
    else t.throws(() => read(cut), { instanceOf: TarError }, cut);
  }
});

test('recordIn() takes the last, and nothing where that is empty', (t) => {
  t.is(
    recordIn(
      [
        ['a', '1'],
        ['a', '2'],
      ],
      'a',
    ),
    '2',
  );
  t.is(
    recordIn(
      [
        ['a', '1'],
        ['a', ''],
      ],
      'a',
    ),
    undefined,
  );
  t.is(recordIn([], 'a'), undefined);
});

test('countIn() takes exact decimal numbers alone', (t) => {
  t.is(countIn([['size', '0012']], 'size'), 12);
  t.is(countIn([['size', '9007199254740991']], 'size'), 2 ** 53 - 1);
  for (const text of ['-1', '+1', '1.0', '0x1', '9007199254740992', ' 1', '1e3']) {
    t.throws(() => countIn([['size', text]], 'size'), { instanceOf: TarError }, text);
  }
});

for (const [text, seconds, nanoseconds] of [
  ['5', 5, 0],
  ['5.', 5, 0],
  ['5.5', 5, 500_000_000],
  ['5.123456789123', 5, 123_456_789],
  ['-5', -5, 0],
  ['-0.25', -1, 750_000_000],
  ['-5.000000001', -6, 999_999_999],
] as const) {
  test(`parseTime() reads ${text}`, (t) => {
    t.deepEqual(parseTime(text), { seconds, nanoseconds });
  });
}

test('parseTime() refuses what is no time', (t) => {
  for (const text of ['', '-', '.5', '1e5', '--1', '1.2.3', 'now', '1'.repeat(16)]) {
    t.throws(() => parseTime(text), { instanceOf: TarError }, text);
  }
});
