// What the server keeps of the events that others are told.

/** An event that others are told: counted by `number` within a run of the server, from 1 on. */
export type StoredEvent = {
  /** greater than that of all runs before */
  readonly run: number;
  readonly number: number;
  readonly kind: string;
  /** JSON object */
  readonly data: string;
};

/** Which event it is. */
export type EventPosition = Pick<StoredEvent, 'run' | 'number'>;

/** What is on disk of the events: the newest ones. */
export type EventRecords = {
  /** The last run that has events; 0 where none has. */
  lastRun(): number;
  /** On disk when the promise resolves, which may be some 100 ms later. */
  append(event: StoredEvent): Promise<void>;
  /** Events behind this one, oldest first, with those that were appended just now. */
  read(after: EventPosition, most: number): Promise<StoredEvent[]>;
  /** The oldest one. */
  first(): Promise<StoredEvent | undefined>;
  /** Deletes the oldest ones, so that this many are left. */
  deleteAllBut(most: number): Promise<void>;
};
