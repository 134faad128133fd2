// Devices whose changes are on disk at once: in a journal, with one small write for all that changed together. The database has
// them a moment later, with all else that is written there. A killed server's successor finds in the journal what the database lacks.

import type { Device } from '../../../devices/device.ts';
import { DiskError, diskWords, messageOf } from '../../../errors.ts';
import type { DeviceRecords, DeviceWrite } from '../../records/devices.ts';
import type { SqliteParts } from '../parts.ts';
import { queries, type Statement, statement, type Write } from '../statements.ts';
import { FILE_BYTES, JournalFiles } from './journal-files.ts';
import { encodeRecord, type JournalRecord } from './records.ts';

/** What it stands on. */
export type JournalParts = SqliteParts & {
  /** path of the database */
  readonly file: string;
  readonly statementsOf: (change: DeviceWrite) => Write;
  /** told of what was acknowledged and cannot be written to the database */
  readonly onProblem: (message: string) => void;
};

/** `records` writes to the journal; the others are for who opened it. */
export type DeviceJournal = {
  readonly write: DeviceRecords['write'];
  /** The devices with what the database lacks, where the disk took nothing when the journal was opened. */
  over(devices: readonly Device[]): Device[];
  /** Resolves when nothing waits for the journal. */
  flush(): Promise<void>;
  close(): Promise<void>;
};

type Waiting = {
  readonly changes: readonly DeviceWrite[];
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
};

/** In the journal; whether it is in the database, too. */
type Kept = JournalRecord & { isWritten: boolean };

/**
 * Opens the journal of a database, and writes to the database what it lacks.
 * @returns undefined where the disk takes nothing now
 */
export async function openDeviceJournal(parts: JournalParts): Promise<DeviceJournal | undefined> {
  let files: JournalFiles | undefined;
  try {
    const { id, applied } = await placeOf(parts);
    const opened = await JournalFiles.open(parts.file, id);
    files = opened.files;
    const missing = opened.records.filter(({ number }) => number > applied);
    const last = Math.max(applied, opened.records.at(-1)?.number ?? 0);
    const isWritten = await isTaken(writeAll(missing, last, parts));
    return new Journal(parts, { files, id, last, kept: isWritten ? [] : missing });
  } catch (reason) {
    await files?.close();
    if (reason instanceof DiskError || isOfDisk(reason)) return undefined;
    throw reason;
  }
}

/** One that is lost with its process, for practice. @param disk how it would take what is written */
export async function openFleetingJournal(
  parts: Omit<JournalParts, 'file'>,
  disk: { readonly isSlow: boolean },
): Promise<DeviceJournal> {
  const files = await JournalFiles.ofNothing(disk);
  return new Journal({ ...parts, file: '' }, { files, id: 0, last: 0, kept: [] });
}

/** @returns false where the disk refuses it */
async function isTaken(write: Promise<void>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (reason) {
    if (reason instanceof DiskError) return false;
    throw reason;
  }
}

/** The database says of its own trouble what is to be said; files may have some of theirs (node:fs). */
function isOfDisk(reason: unknown): boolean {
  return diskWords(reason) !== undefined || (reason instanceof Error && 'syscall' in reason);
}

/** Which database it is, and up to which record it has what the journal has. */
async function placeOf({ database, writes }: JournalParts) {
  const row = await database.selectFrom('device_journal').selectAll().executeTakeFirst();
  if (row !== undefined) return row;
  const made = { id: Math.floor(Math.random() * 2 ** 32), applied: 0 };
  await writes.commit([statement(queries.insertInto('device_journal').values(made))]);
  return made;
}

/** What the database refuses, whatever the disk does, is left out and told. */
async function writeAll(
  records: readonly JournalRecord[],
  last: number,
  { writes, statementsOf, onProblem }: JournalParts,
): Promise<void> {
  if (records.length === 0) return;
  const all = records.flatMap(({ changes }) => changes.flatMap(statementsOf));
  try {
    return await writes.commit([...all, setApplied(last)]);
  } catch (reason) {
    if (reason instanceof DiskError) throw reason;
  }
  for (const { changes } of records) {
    await writes.commit(changes.flatMap(statementsOf)).catch((reason: unknown) => {
      if (reason instanceof DiskError) throw reason;
      const macs = changes.map((one) => (one.kind === 'save' ? one.device.mac : one.mac));
      onProblem(`Cannot keep what changed of ${macs.join(', ')}: ${messageOf(reason)}`);
    });
  }
  await writes.commit([setApplied(last)]);
}

function setApplied(number: number): Statement {
  return statement(queries.updateTable('device_journal').set({ applied: number }));
}

/** Does nothing where the record before is not there. */
const ADVANCE = statement(
  queries.updateTable('device_journal').set({ applied: 1 }).where('applied', '=', 0),
).sql;

function advanceTo(number: number): Statement {
  return { sql: ADVANCE, parameters: [number, number - 1] };
}

type Opened = {
  readonly files: JournalFiles;
  readonly id: number;
  readonly last: number;
  /** records that the database lacks */
  readonly kept: readonly JournalRecord[];
};

class Journal implements DeviceJournal {
  readonly #parts: JournalParts;
  readonly #files: JournalFiles;
  readonly #id: number;
  #last: number;
  #waiting: Waiting[] = [];
  #working: Promise<void> | undefined;
  /** those of the newest records that may be missing in the database */
  #kept: Kept[] = [];
  /** the disk refused something: until it takes something, all goes to the database alone */
  #isSuspended = false;

  constructor(parts: JournalParts, { files, id, last, kept }: Opened) {
    this.#parts = parts;
    this.#files = files;
    this.#id = id;
    this.#last = last;
    this.#kept = kept.map((record) => ({ ...record, isWritten: false }));
    this.#isSuspended = kept.length > 0;
  }

  over(devices: readonly Device[]): Device[] {
    const byMac = new Map(devices.map((device) => [device.mac, device]));
    for (const change of this.#kept.flatMap(({ changes }) => changes)) {
      if (change.kind === 'save') byMac.set(change.device.mac, change.device);
      else byMac.delete(change.mac);
    }
    return [...byMac.values()];
  }

  write = (changes: readonly DeviceWrite[]): Promise<void> => {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#waiting.push({ changes, resolve, reject });
    if (this.#waiting.length === 1 && this.#working === undefined) process.nextTick(this.#begin);
    return promise;
  };

  /** Behind all that this turn of the event loop writes. */
  readonly #begin = (): void => {
    if (this.#working !== undefined || this.#waiting.length === 0) return;
    // Behind what the database writes the disk may take milliseconds: a thread waits for it, and others are answered meanwhile.
    const isQuick = this.#files.isQuick && !this.#parts.writes.isWriting;
    if (!isQuick || !this.#appendNow()) this.#working = this.#work();
  };

  /** @returns false where something stands in the way */
  #appendNow(): boolean {
    const changes = this.#waiting.flatMap((one) => one.changes);
    const record = this.#recordOf(changes);
    if (record === undefined || !this.#files.hasRoom(record.bytes.length)) return false;
    try {
      this.#files.appendNow(record.bytes, record.number);
    } catch {
      this.#isSuspended = true;
      return false;
    }
    const batch = this.#waiting;
    this.#waiting = [];
    this.#isInJournal(record.number, changes);
    for (const { resolve } of batch) resolve();
    return true;
  }

  /** @returns undefined for what goes to the database alone */
  #recordOf(
    changes: readonly DeviceWrite[],
  ): { readonly bytes: Buffer; readonly number: number } | undefined {
    if (this.#isSuspended) return undefined;
    const number = this.#last + 1;
    const bytes = encodeRecord({ number, changes }, this.#id);
    return bytes.length > FILE_BYTES ? undefined : { bytes, number };
  }

  async flush(): Promise<void> {
    this.#begin();
    await this.#working;
  }

  async close(): Promise<void> {
    await this.flush();
    await this.#files.close();
  }

  /** What comes while the disk works shares the next record. */
  async #work(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      if (!(await this.#append(batch.flatMap(({ changes }) => changes)))) {
        await this.#writeAlone(batch);
      } else for (const { resolve } of batch) resolve();
    }
    this.#working = undefined;
  }

  /** @returns whether the disk has it */
  async #append(changes: readonly DeviceWrite[]): Promise<boolean> {
    const record = this.#recordOf(changes);
    if (record === undefined) return false;
    try {
      if (!this.#files.hasRoom(record.bytes.length)) await this.#turn();
      await this.#files.append(record.bytes, record.number);
    } catch {
      // The database will say why.
      this.#isSuspended = true;
      return false;
    }
    this.#isInJournal(record.number, changes);
    return true;
  }

  async #turn(): Promise<void> {
    const isOver = () =>
      (this.#kept[0]?.number ?? Number.POSITIVE_INFINITY) > this.#files.lastOfNext;
    if (!isOver()) await this.#parts.writes.flush();
    if (!isOver()) throw new Error('the database lacks what the other file has');
    this.#files.turn();
  }

  /** The database gets it with what it writes next. */
  #isInJournal(number: number, changes: readonly DeviceWrite[]): void {
    const { writes, statementsOf } = this.#parts;
    const record: Kept = { number, changes, isWritten: false };
    this.#last = number;
    this.#kept.push(record);
    // Machines wait for what comes next, and nobody for this.
    const write = () => [...changes.flatMap(statementsOf), advanceTo(number)];
    writes.commitLater(write).then(
      () => {
        record.isWritten = true;
        while (this.#kept[0]?.isWritten) this.#kept.shift();
      },
      () => {
        this.#isSuspended = true;
      },
    );
  }

  /** Behind all that the journal has. */
  async #writeAlone(batch: readonly Waiting[]): Promise<void> {
    const { writes, statementsOf } = this.#parts;
    try {
      if (this.#isSuspended) await this.#catchUp();
    } catch (reason) {
      for (const { reject } of batch) reject(reason);
      return;
    }
    const write = async ({ changes, resolve, reject }: Waiting) => {
      try {
        await writes.commit(changes.flatMap(statementsOf));
        this.#isSuspended = false;
        resolve();
      } catch (reason) {
        reject(reason);
      }
    };
    await Promise.all(batch.map(write));
  }

  async #catchUp(): Promise<void> {
    await this.#parts.writes.flush();
    const kept = this.#kept;
    await writeAll(kept, this.#last, this.#parts);
    this.#kept = [];
  }
}
