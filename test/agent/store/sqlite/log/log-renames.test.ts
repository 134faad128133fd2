import { join } from 'node:path';
import test from 'ava';
import { renameLines } from '../../../../../agent/events/reactions/rename-lines.ts';
import { openSqliteStore } from '../../../../../agent/store/sqlite/store.ts';
import { openRecords } from '../../../../support/records.ts';
import { temporaryFolder } from '../../../../support/temporary-folder.ts';

type Logs = Awaited<ReturnType<typeof openSqliteStore>>['logs'];

const say = (issuer: string, line: string) => ({ at: 1, issuer, stream: 's', line });
const saidBy = async (logs: Logs, issuer: string) =>
  (await logs.read({ issuers: [issuer], limit: 10_000 })).map(({ line }) => line);

test('rename() gives all lines of a device its new name, and none of another device', async (t) => {
  const { logs, close } = await openSqliteStore(':memory:');
  t.teardown(close);
  const many = Array.from({ length: 2500 }, (_, index) => say('pc-1', `${index}`));
  await logs.appendAll([...many, say('pc-2', 'other')]).written;
  await logs.rename('pc-1', 'gateway');
  // The name is another device's from now on.
  await logs.appendAll([say('pc-1', 'of the next pc-1')]).written;
  t.is((await saidBy(logs, 'gateway')).length, 2500);
  t.deepEqual(await saidBy(logs, 'pc-1'), ['of the next pc-1']);
  t.deepEqual(await saidBy(logs, 'pc-2'), ['other']);
});

test('rename() keeps lines of devices apart that swap their names', async (t) => {
  const { logs, close } = await openSqliteStore(':memory:');
  t.teardown(close);
  await logs.appendAll([say('a', 'of a'), say('b', 'of b')]).written;
  const renames = [logs.rename('a', 'x'), logs.rename('b', 'a'), logs.rename('x', 'b')];
  await Promise.all(renames);
  t.deepEqual([await saidBy(logs, 'a'), await saidBy(logs, 'b')], [['of b'], ['of a']]);
});

test('a server that was ended while lines were moved moves the rest when it starts', async (t) => {
  const file = join(await temporaryFolder(t), 'walt.db');
  const first = await openSqliteStore(file);
  const many = Array.from({ length: 30_000 }, (_, index) => say('pc-1', `${index}`));
  await first.logs.appendAll(many).written;
  const moving = first.logs.rename('pc-1', 'gateway');
  for (let turns = 0; turns < 100_000; turns += 1) {
    if ((await first.logs.sources()).length > 1) break;
  }
  await first.logs.stopRenames();
  await moving;
  t.true((await saidBy(first.logs, 'pc-1')).length > 0, 'it was not ended in between');
  await first.close();
  const second = await openSqliteStore(file);
  t.teardown(second.close);
  await second.logs.finishRenames();
  t.deepEqual(await saidBy(second.logs, 'pc-1'), []);
  const { rows } = await second.database.executeQuery<{ count: number }>({
    ...second.database.selectFrom('logs').selectAll().compile(),
    sql: "SELECT count(*) AS count FROM logs WHERE issuer = 'gateway'",
    parameters: [],
  });
  t.is(rows[0]?.count, 30_000);
});

test('renameLines() follows what the server says of names', async (t) => {
  const { store, publisher, publish } = await openRecords();
  renameLines(publisher, (from, to) => store.logs.rename(from, to));
  await store.logs.appendAll([say('unknown-1', 'hello')]).written;
  publish([{ kind: 'renamed', from: 'unknown-1', to: 'pc-1' }]);
  for (let turns = 0; turns < 10_000; turns += 1) {
    if ((await saidBy(store.logs, 'pc-1')).length > 0) break;
    await new Promise(setImmediate);
  }
  t.deepEqual(await saidBy(store.logs, 'pc-1'), ['hello']);
});
