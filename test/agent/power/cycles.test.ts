import test from 'ava';
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
