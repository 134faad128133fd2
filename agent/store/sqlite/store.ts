// The store on SQLite. It reads on the connection of this thread, and writes through a queue that a thread of its
// own serves. Ids are counted here: one server writes to the file.
import type { Store } from '../store.ts';
import { accessRecords } from './access.ts';
import { bootRecords } from './boots.ts';
import { type DeviceJournal, openDeviceJournal } from './device-journal/journalled-devices.ts';
import { deviceRecords, statementsOf } from './devices.ts';
import { healingRecords } from './healing.ts';
import { imageRecords } from './images.ts';
import { checkpointRecords } from './log/checkpoints.ts';
import { eventRecords } from './log/events.ts';
import { logRecords } from './log/logs.ts';
import type { SqliteParts } from './parts.ts';
import { powerRecords } from './power.ts';
import { keepBeforeMigration } from './schema/before-migration.ts';
import { migrate } from './schema/migrate.ts';
import { openSqlite } from './sqlite.ts';
import { WriteQueue } from './writing/write-queue.ts';

/** The store, and what it stands on. */
export type SqliteStore = Store & SqliteParts;

/**
 * Opens the database, makes it where there is none, and brings it to the present form.
 * @param file path, or `:memory:` for one that is gone when it is closed
 * @param onProblem told of a writer that hangs, which no line of the log can tell before it is mended
 * @throws {WaltError} if the database was written by a newer version
 */
export async function openSqliteStore(
  file: string,
  onProblem: (message: string) => void = () => undefined,
): Promise<SqliteStore> {
  await keepBeforeMigration(file);
  const { database, writer } = openSqlite(file, { onProblem });
  const writes = new WriteQueue(writer);
  let journal: DeviceJournal | undefined;
  try {
    await migrate(database);
    const parts = { database, writes };
    if (file !== ':memory:') {
      journal = await openDeviceJournal({ ...parts, file, statementsOf, onProblem });
    }
    return {
      ...parts,
      devices: deviceRecords(parts, journal),
      boots: await bootRecords(parts),
      healing: healingRecords(parts),
      images: imageRecords(parts),
      logs: await logRecords(parts),
      events: await eventRecords(parts),
      checkpoints: checkpointRecords(parts),
      power: powerRecords(parts),
      access: accessRecords(parts),
      waiting: () => writes.waiting,
      flush: async () => {
        await journal?.flush();
        await writes.flush();
      },
      close: () => closeAll(parts, journal),
    };
  } catch (reason) {
    await closeAll({ database, writes }, journal);
    throw reason;
  }
}

async function closeAll(
  { database, writes }: SqliteParts,
  journal: DeviceJournal | undefined,
): Promise<void> {
  try {
    await journal?.close();
    await writes.close();
  } finally {
    await database.destroy();
  }
}
