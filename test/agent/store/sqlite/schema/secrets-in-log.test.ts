// A database in which older servers wrote values that may open something.
import { join } from 'node:path';
import test from 'ava';
import { migrate } from '../../../../../agent/store/sqlite/schema/migrate.ts';
import { openSqlite } from '../../../../../agent/store/sqlite/sqlite.ts';
import { openSqliteStore } from '../../../../../agent/store/sqlite/store.ts';
import { temporaryFolder } from '../../../../support/temporary-folder.ts';

const SECRET = 'https://pdu.example/?key=s3cr3t, type=s3cr3t (was s3cr3t)';
const NODES = 'platform.nodes';
const DEVICES = 'platform.devices';

const lines = [
  [
    NODES,
    `node pc-1 is configured by ann: power.driver=http (was none), power.argument=${SECRET} (was empty)`,
    'node pc-1 is configured by ann: power.driver=http (was none), power.argument is another (not shown)',
  ],
  [
    DEVICES,
    'device switch-1 is configured by ann: type=switch (was unknown), snmp.community=s3cr3té (was private), lldp.explore=false (was true)',
    'device switch-1 is configured by ann: type=switch (was unknown), snmp.community is another (not shown)',
  ],
  [NODES, 'node pc-1 is configured by ann: netsetup=NAT (was LAN)', undefined],
  ['daemon.test', 'what is configured by power.argument=x', undefined],
] as const;

const change = (key: string) => ({ key, from: 's3cr3t', to: 's3cr3t' });
const event = (keys: readonly string[]) =>
  JSON.stringify({ time: 'T', device: 'pc-1', changes: keys.map(change), by: 'ann' });

test('values that may open something go from the lines and events of older servers', async (t) => {
  const file = join(await temporaryFolder(t), 'walt.db');
  const { database: old } = openSqlite(file);
  await migrate(old, '025-users-of-providers');
  const written = lines.map(([stream, line], at) => ({ at, stream, line, issuer: 'walt-server' }));
  await old.insertInto('logs').values(written).execute();
  for (const stream of [NODES, DEVICES, 'daemon.test']) {
    const its = written.filter((one) => one.stream === stream);
    const bytes = its.reduce((sum, { line }) => sum + Buffer.byteLength(line) + 100, 0);
    await old.insertInto('log_sizes').values({ stream, bytes }).execute();
  }
  const events = [
    { run: 1, number: 1, kind: 'configured', data: event(['power.argument', 'type']) },
    { run: 1, number: 2, kind: 'configured', data: event(['type']) },
  ];
  await old.insertInto('events').values(events).execute();
  await old.destroy();

  const store = await openSqliteStore(file);
  t.teardown(() => store.close());
  const logs = await store.logs.read({ limit: 10 });
  t.deepEqual(
    logs.map(({ line }) => line),
    lines.map(([, line, shown = line]) => shown),
  );
  const sizes = await store.database.selectFrom('log_sizes').selectAll().execute();
  for (const { stream, bytes } of sizes) {
    const its = logs.filter((one) => one.stream === stream);
    const expected = its.reduce((sum, { line }) => sum + Buffer.byteLength(line) + 100, 0);
    t.is(bytes, expected, stream);
  }
  const [first, second] = await store.events.read({ run: 0, number: 0 }, 10);
  t.deepEqual(JSON.parse(first?.data ?? '').changes, [
    { key: 'power.argument', from: '', to: '', isHidden: true },
    change('type'),
  ]);
  t.is(second?.data, event(['type']));
});
