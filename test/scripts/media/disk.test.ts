import test from 'ava';
import { masterBootRecord } from '../../../scripts/steps/disk.ts';

test('masterBootRecord() has boot code, one active partition and the signature in their places', (t) => {
  const record = masterBootRecord(Uint8Array.of(0xfa, 0x31), {
    firstSector: 2048,
    sectors: 30720,
    type: 0xef,
    id: 0x57414c54,
  });
  t.is(record.length, 512);
  t.is(record.subarray(0, 3).toString('hex'), 'fa3100');
  t.is(record.subarray(440, 446).toString('hex'), '544c41570000');
  // Active; first sector at cylinder 0, head 32, sector 33; last one at cylinder 2, head 10, sector 8.
  t.is(record.subarray(446, 462).toString('hex'), '80202100ef0a08020008000000780000');
  t.is(record.subarray(462, 512).toString('hex'), `${'00'.repeat(48)}55aa`);
});

test('masterBootRecord() refuses boot code that would overwrite the partition table', (t) => {
  const partition = { firstSector: 2048, sectors: 1, type: 0xef, id: 0 };
  t.throws(() => masterBootRecord(new Uint8Array(441), partition), { instanceOf: RangeError });
});
