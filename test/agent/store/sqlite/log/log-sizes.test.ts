import test from 'ava';
import { openRecords } from '../../../../support/records.ts';

test('the size of a stream grows with each of its lines, whoever said them', async (t) => {
  const { store, database } = await openRecords();
  const say = (stream: string, line: string) =>
    store.logs.append({ at: 1, issuer: 'pc-1', stream, line }).written;
  await Promise.all([say('one', 'abc'), say('other', 'ü'), say('one', '')]);
  await store.logs.appendAll([{ at: 2, issuer: 'pc-2', stream: 'one', line: 'abcd' }]).written;
  await store.flush();
  const sizes = await database.selectFrom('log_sizes').selectAll().orderBy('stream').execute();
  t.deepEqual(
    sizes.filter(({ stream }) => ['one', 'other'].includes(stream)),
    [
      { stream: 'one', bytes: 307 },
      { stream: 'other', bytes: 102 },
    ],
  );
});
