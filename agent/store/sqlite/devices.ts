// Rows of devices: read once when the server starts, written at each change.
import type { Kysely } from 'kysely';
import type { DeviceRow, Tables } from './schema.ts';
import { queries, statement, statementOf, type Write } from './statements.ts';

export async function readDevices(database: Kysely<Tables>): Promise<DeviceRow[]> {
  return await database.selectFrom('devices').selectAll().orderBy('first_seen').execute();
}

const columns = [
  ...(['mac', 'ip', 'name', 'type', 'model', 'image', 'root'] as const),
  ...(['first_seen', 'lease_until', 'released_at', 'serial', 'host_name'] as const),
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

/** Inserts the device, or replaces what was known of its MAC. */
export function writeDevice(row: DeviceRow): Write {
  return [upsert(row)];
}

/** Deletes a device with what was recorded of its boots. */
export function deleteDevice(mac: string): Write {
  return [
    statement(queries.deleteFrom('boots').where('mac', '=', mac)),
    statement(queries.deleteFrom('devices').where('mac', '=', mac)),
  ];
}
