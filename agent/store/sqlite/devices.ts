// Rows of devices: read once when the server starts, written at each change.
import type { Device } from '../../devices/device.ts';
import type { DeviceRecords, DeviceWrite } from '../records/devices.ts';
import type { DeviceJournal } from './device-journal/journalled-devices.ts';
import type { SqliteParts } from './parts.ts';
import type { DeviceRow } from './schema/schema.ts';
import { queries, statement, statementOf, type Write } from './statements.ts';

/** The devices in table `devices`. */
export function deviceRecords(
  { database, writes }: SqliteParts,
  journal?: Pick<DeviceJournal, 'write' | 'flush' | 'over'>,
): DeviceRecords {
  return {
    all: async () => {
      await journal?.flush();
      await writes.flush();
      const rows = await database.selectFrom('devices').selectAll().orderBy('first_seen').execute();
      const devices = rows.map(deviceOf);
      return journal?.over(devices) ?? devices;
    },
    write: journal?.write ?? ((changes) => writes.commit(changes.flatMap(statementsOf))),
  };
}

const columns = [
  ...(['mac', 'ip', 'name', 'type', 'model', 'image', 'root'] as const),
  ...(['first_seen', 'lease_until', 'released_at', 'serial', 'host_name', 'first_file'] as const),
  ...(['settings', 'machine', 'boots_local'] as const),
];

const upsert = statementOf<DeviceRow>(columns, (row) =>
  queries
    .insertInto('devices')
    .values(row)
    .onConflict((conflict) =>
      conflict
        .column('mac')
        .doUpdateSet(({ ref }) =>
          Object.fromEntries(columns.map((column) => [column, ref(`excluded.${column}`)])),
        ),
    ),
);

/** What a change is in SQL. */
export function statementsOf(change: DeviceWrite): Write {
  if (change.kind === 'save') return [upsert(rowOf(change.device))];
  return [
    statement(queries.deleteFrom('boots').where('mac', '=', change.mac)),
    statement(queries.deleteFrom('healing').where('mac', '=', change.mac)),
    statement(queries.deleteFrom('devices').where('mac', '=', change.mac)),
  ];
}

function deviceOf(row: DeviceRow): Device {
  return {
    mac: row.mac,
    ip: row.ip,
    name: row.name,
    type: row.type,
    firstSeen: row.first_seen,
    ...(row.model === null ? {} : { model: row.model }),
    ...(row.image === null ? {} : { image: row.image }),
    ...(row.root === null ? {} : { root: row.root }),
    ...(row.lease_until === null ? {} : { leaseUntil: row.lease_until }),
    ...(row.released_at === null ? {} : { releasedAt: row.released_at }),
    ...(row.serial === null ? {} : { serial: row.serial }),
    ...(row.host_name === null ? {} : { hostName: row.host_name }),
    ...(row.first_file === null ? {} : { firstFile: row.first_file }),
    ...(row.settings === null ? {} : { settings: JSON.parse(row.settings) }),
    ...(row.machine === null ? {} : { machine: JSON.parse(row.machine) }),
    ...(row.boots_local === null ? {} : { bootsLocal: true }),
  };
}

function rowOf(device: Device): DeviceRow {
  return {
    mac: device.mac,
    ip: device.ip,
    name: device.name,
    type: device.type,
    model: device.model ?? null,
    image: device.image ?? null,
    root: device.root ?? null,
    first_seen: device.firstSeen,
    lease_until: device.leaseUntil ?? null,
    released_at: device.releasedAt ?? null,
    serial: device.serial ?? null,
    host_name: device.hostName ?? null,
    first_file: device.firstFile ?? null,
    settings: device.settings === undefined ? null : JSON.stringify(device.settings),
    machine: device.machine === undefined ? null : JSON.stringify(device.machine),
    boots_local: device.bootsLocal ? 1 : null,
  };
}
