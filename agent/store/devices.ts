// Rows of devices: read once when the server starts, written at each change.
import type { Kysely } from 'kysely';
import type { DeviceRow, Tables } from './schema.ts';
import type { Write } from './write-queue.ts';

export async function readDevices(database: Kysely<Tables>): Promise<DeviceRow[]> {
  return await database.selectFrom('devices').selectAll().orderBy('first_seen').execute();
}

/** Inserts the device, or replaces what was known of its MAC. */
export function writeDevice(row: DeviceRow): Write {
  const { mac, ...rest } = row;
  return (transaction) =>
    transaction
      .insertInto('devices')
      .values(row)
      .onConflict((conflict) => conflict.column('mac').doUpdateSet(rest))
      .execute();
}

/** Deletes a device with what was recorded of its boots. */
export function deleteDevice(mac: string): Write {
  return async (transaction) => {
    await transaction.deleteFrom('boots').where('mac', '=', mac).execute();
    await transaction.deleteFrom('devices').where('mac', '=', mac).execute();
  };
}
