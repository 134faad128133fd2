// What the server asks of its database, in the words of the server: operations, no SQL. A file of `records/` for each kind of
// what it keeps. SQLite answers it (`sqlite/`); another database of several servers can take its place.
import type { AccessRecords } from './records/access.ts';
import type { BootRecords } from './records/boots.ts';
import type { CheckpointRecords } from './records/checkpoints.ts';
import type { DeviceRecords } from './records/devices.ts';
import type { EventRecords } from './records/events.ts';
import type { HealingRecords } from './records/healing.ts';
import type { ImageRecords } from './records/images.ts';
import type { LogRecords } from './records/logs.ts';
import type { PowerRecords } from './records/power.ts';

/** The database of the server. */
export type Store = {
  readonly devices: DeviceRecords;
  readonly boots: BootRecords;
  readonly healing: HealingRecords;
  readonly images: ImageRecords;
  readonly logs: LogRecords;
  readonly events: EventRecords;
  readonly checkpoints: CheckpointRecords;
  readonly power: PowerRecords;
  readonly access: AccessRecords;
  /** How many writes wait for the disk. */
  waiting(): number;
  /** Resolves when everything written so far is on disk or has failed. */
  flush(): Promise<void>;
  /** As `flush`, and lets go of the database. */
  close(): Promise<void>;
};
