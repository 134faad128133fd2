import test from 'ava';
import { DiskError } from '../../../agent/errors.ts';
import { Asleep } from '../../../agent/nodes/saving/asleep.ts';
import { Cycles } from '../../../agent/power/cycles.ts';
import { openSqliteStore } from '../../../agent/store/sqlite/store.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

test('Cycles that have begun are known to the next server, until they end', async (t) => {
  const file = `${await temporaryFolder(t)}/walt.db`;
  const open = async () => {
    const store = await openSqliteStore(file);
    const cycles = new Cycles({ records: store.power, clock: () => 7 });
    await cycles.load();
    return { store, cycles };
  };
  const first = await open();
  await first.cycles.begin('a');
  await first.cycles.begin('b');
  await first.cycles.begin('b');
  await first.cycles.end('a');
  await first.cycles.end('c');
  await first.store.close();
  const second = await open();
  t.deepEqual(second.cycles.left(), ['b']);
  await second.cycles.end('b');
  await second.store.close();
  const third = await open();
  t.deepEqual(third.cycles.left(), []);
  await third.store.close();
});

test('Cycles and Asleep where the disk takes nothing, nothing has begun', async (t) => {
  const full = async () => {
    throw new DiskError('the disk is full');
  };
  const cycles = new Cycles({
    records: { cycling: async () => [], saveCycling: full },
    clock: () => 7,
  });
  await t.throwsAsync(cycles.begin('a'), { instanceOf: DiskError });
  t.deepEqual(cycles.left(), []);
  const asleep = new Asleep({ asleep: async () => [], saveAsleep: full });
  await t.throwsAsync(asleep.add('a', 7), { instanceOf: DiskError });
  t.false(asleep.has('a'));
});
