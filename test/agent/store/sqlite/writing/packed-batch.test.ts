import test from 'ava';
import {
  BatchPacker,
  BatchUnpacker,
} from '../../../../../agent/store/sqlite/writing/packed-batch.ts';

const insert = (...parameters: unknown[]) => ({ sql: 'INSERT INTO t VALUES (?, ?)', parameters });

test('a packed batch is the same at the other end, and each text travels once', (t) => {
  const [packer, unpacker] = [new BatchPacker(), new BatchUnpacker()];
  const batch = [[insert(1, 'a'), { sql: 'DELETE FROM t', parameters: [] }], [], [insert(2, null)]];
  const travels = packer.pack(batch);
  t.is(JSON.stringify(travels).split('INSERT').length, 2);
  t.deepEqual(unpacker.unpack(travels), batch);
  const again = packer.pack(batch);
  t.false(JSON.stringify(again).includes('INSERT'));
  t.deepEqual(unpacker.unpack(again), batch);
});

test('more texts than are remembered travel each time, and those that are keep their numbers', (t) => {
  const [packer, unpacker] = [new BatchPacker(), new BatchUnpacker()];
  const batch = Array.from({ length: 500 }, (_, at) => [{ sql: `SELECT ${at}`, parameters: [at] }]);
  t.deepEqual(unpacker.unpack(packer.pack(batch)), batch);
  t.deepEqual(unpacker.unpack(packer.pack(batch.toReversed())), batch.toReversed());
});

test('BatchUnpacker refuses a number that it was told nothing of', (t) => {
  t.throws(() => new BatchUnpacker().unpack([1, 0, 1, 'a']), {
    instanceOf: RangeError,
    message: 'Cannot write statement 0: nobody said it',
  });
});
