import test from 'ava';
import {
  decodeRecords,
  encodeRecord,
  type JournalRecord,
} from '../../../../../agent/store/sqlite/device-journal/records.ts';

const ID = 0xfedcba98;
const device = {
  mac: '02:00:00:00:00:01',
  ip: '10.0.0.1',
  name: 'käse',
  type: 'unknown',
  firstSeen: 1,
} as const;
const records: readonly JournalRecord[] = [
  { number: 7, changes: [{ kind: 'save', device }] },
  {
    number: 2 ** 40,
    changes: [
      { kind: 'forget', mac: device.mac },
      { kind: 'save', device },
    ],
  },
  { number: 2 ** 40 + 1, changes: [] },
];
const encoded = records.map((record) => encodeRecord(record, ID));
const all = Buffer.concat(encoded);

test('decodeRecords() reads what encodeRecord() wrote, up to what was never written', (t) => {
  t.deepEqual(decodeRecords(all, ID), records as JournalRecord[]);
  t.deepEqual(
    decodeRecords(Buffer.concat([all, Buffer.alloc(100)]), ID),
    records as JournalRecord[],
  );
  t.deepEqual(decodeRecords(Buffer.alloc(100), ID), []);
});

test('decodeRecords() reads the records before a torn one', (t) => {
  for (let length = 0; length < all.length; length += 1) {
    let [whole, end] = [0, 0];
    for (const { length: bytes } of encoded) {
      end += bytes;
      if (end <= length) whole += 1;
    }
    t.is(decodeRecords(all.subarray(0, length), ID).length, whole);
    const zeroed = Buffer.concat([all.subarray(0, length), Buffer.alloc(all.length - length)]);
    t.true(decodeRecords(zeroed, ID).length >= whole);
    t.deepEqual(decodeRecords(zeroed, ID).slice(0, whole), records.slice(0, whole));
  }
});

test('decodeRecords() reads no record of which a byte is another one', (t) => {
  const [first = Buffer.alloc(0)] = encoded;
  for (let at = 0; at < first.length; at += 1) {
    const other = Buffer.from(all);
    other[at] = (other[at] ?? 0) ^ 1;
    t.deepEqual(decodeRecords(other, ID), [], `byte ${at}`);
  }
});

test('decodeRecords() leaves out records of an earlier round, and of another database', (t) => {
  const old = encodeRecord({ number: 3, changes: [] }, ID);
  t.deepEqual(
    decodeRecords(Buffer.concat([encoded[0] ?? old, old]), ID).map(({ number }) => number),
    [7],
  );
  t.deepEqual(decodeRecords(all, 1), []);
});
