// What the server asks of its database, in the words of the server: operations, no SQL. SQLite answers it
// (`sqlite/`); another database of several servers can take its place. Times are microseconds since 1970, UTC.
import type { BootSignal, BootState } from '../boot/progress.ts';
import type { Device } from '../devices/device.ts';
import type { Image } from '../images/content/image.ts';

/** One change of the devices: the device as it is from now on, or the MAC of one that is forgotten with its boots. */
export type DeviceWrite =
  | { readonly kind: 'save'; readonly device: Device }
  | { readonly kind: 'forget'; readonly mac: string };

/** What is on disk of the devices. */
export type DeviceRecords = {
  /** All devices, the one that was seen first before the others. */
  all(): Promise<Device[]>;
  /**
   * Writes the changes in their order and in one transaction. They are on disk when the promise resolves; when it
   * rejects, none of them is. Calls that come one after the other are written in that order.
   */
  write(changes: readonly DeviceWrite[]): Promise<void>;
};

/** One change of the images: a name stands for this content from now on, or for none. */
export type ImageWrite =
  | { readonly kind: 'save'; readonly image: Image }
  | { readonly kind: 'forget'; readonly name: string };

/** What is on disk of the names of images. */
export type ImageRecords = {
  /** All images, in the order of their names. */
  all(): Promise<Image[]>;
  /** Writes the changes in one transaction: all of them are on disk when the promise resolves, none when it rejects. */
  write(changes: readonly ImageWrite[]): Promise<void>;
};

/** What a boot loads, as far as is known: the model that its loader announced, and the key of the folder of its image. */
export type BootContent = { readonly model?: string; readonly image?: string };

/** A boot that began; `id` grows with each boot and came from the store. */
export type StoredBoot = BootContent & {
  readonly id: number;
  readonly mac: string;
  readonly started: number;
  readonly state: BootState;
  /** how often the node has begun to boot, this boot included, since it was last up; 0 once this boot came up */
  readonly attempt: number;
};

/** A step of a boot: the signal that told of it, and when. */
export type StoredStage = {
  readonly at: number;
  readonly stage: BootSignal['kind'];
  /** fields of the signal, without its kind */
  readonly detail: Readonly<Record<string, unknown>>;
};

/** What is on disk of the boots. Nobody waits for these writes: they may be half a second behind. */
export type BootRecords = {
  /** The last boot of each device. */
  last(): Promise<StoredBoot[]>;
  /** The boots of a device before one of them, newest first; the oldest ones are not kept. */
  before(boot: { readonly mac: string; readonly id: number }, most: number): Promise<StoredBoot[]>;
  /** Stages of a boot, oldest first, with those that were appended just now. */
  stagesOf(boot: number): Promise<StoredStage[]>;
  /**
   * Adds a boot. The id can be used at once; `written` rejects if the disk refused the boot.
   * @param boot `isFirst` where the disk has no other one of the device, so that none is to be deleted for it
   */
  begin(boot: Omit<StoredBoot, 'id'> & { readonly isFirst?: boolean }): {
    readonly id: number;
    readonly written: Promise<void>;
  };
  /** Adds a stage to a boot, and notes what it leads to. */
  appendStage(
    boot: number,
    stage: StoredStage & Pick<StoredBoot, 'state' | 'attempt' | 'model' | 'image'>,
  ): Promise<void>;
  /** Boots of all devices that came up, with this model, and this image where one is given; newest first. */
  good(content: BootContent & { readonly model: string }, most: number): Promise<StoredBoot[]>;
  /**
   * The clock was set by so many microseconds: boots and stages of this run of the server, up to now, have the new time.
   * Those of earlier runs stay.
   */
  shift(by: number): Promise<void>;
};

/** What was done for a device that did not come up, and what is counted of its boots: two objects as JSON. */
export type StoredHealing = {
  readonly mac: string;
  readonly series: string;
  readonly counts: string;
};

/** What is on disk of that. It goes with the device. */
export type HealingRecords = {
  all(): Promise<StoredHealing[]>;
  /** On disk when the promise resolves; it rejects for a device that is not known. */
  save(row: StoredHealing): Promise<void>;
};

/** A line of the log; `id` grows with each line and came from the store. */
export type StoredLog = {
  readonly id: number;
  readonly at: number;
  /** who says it: `walt-server`, or the name of a node */
  readonly issuer: string;
  readonly stream: string;
  readonly line: string;
};

/** Who said something, and in which stream. */
export type LogSource = Pick<StoredLog, 'issuer' | 'stream'>;

/** A device, and one of the senders of lines that it has: a name of its own making. */
export type SentSource = { readonly mac: string; readonly sender: string };

/** How many lines a sender has on disk. */
export type SentLines = SentSource & { readonly count: number };

/** Which lines of the log are wanted; all of them, where nothing is said. */
export type LogSelection = {
  /** microseconds since 1970, included */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  /** of streams that begin so */
  readonly stream?: string | undefined;
  /** of these issuers */
  readonly issuers?: readonly string[] | undefined;
  /** of streams with these names */
  readonly streams?: readonly string[] | undefined;
  /** of none of these streams */
  readonly exceptStreams?: readonly string[] | undefined;
  /** lines after this id only, so that a reader who follows misses and repeats nothing */
  readonly after?: number | undefined;
  /** lines before this id only */
  readonly before?: number | undefined;
};

/** Between which ids lines are wanted. */
export type IdBounds = { readonly after: number; readonly before: number };

/** A selection, and how many lines of it are wanted. */
export type LogQuery = LogSelection & {
  readonly limit: number;
  /** the last ones, where there are more than `limit`; otherwise the first ones */
  readonly last?: boolean;
};

/** Some streams. A pattern is the name of a stream, or how names begin, with `*` at its end. */
export type StreamPatterns = {
  /** by default all */
  readonly of?: string;
  /** none of these */
  readonly except: readonly string[];
};

/** What is on disk of the log. */
export type LogRecords = {
  /** Lines in the order of their ids, with those that were appended just now. */
  read(query: LogQuery): Promise<StoredLog[]>;
  /** All that have lines, in the order of issuers and streams. */
  sources(): Promise<LogSource[]>;
  /**
   * The lines of a time are all between these two ids, neither included: to be asked for once, before they are read page by page.
   * Undefined where there is none.
   */
  idsOf(time: Pick<LogSelection, 'from' | 'to'>): Promise<IdBounds | undefined>;
  /** Id of the newest line; 0 where there is none. */
  lastId(): number;
  /** Adds a line. The id can be used at once; `written` rejects if the disk refused the line. */
  append(line: Omit<StoredLog, 'id'>): {
    readonly log: StoredLog;
    readonly written: Promise<void>;
  };
  /** How many lines of this sender are on disk. Of each device the senders that were heard last are known. */
  countOf(source: SentSource): Promise<number>;
  /**
   * Adds lines: all of them are on disk when `written` resolves, none when it rejects. So is the count of their sender, where it is
   * given.
   */
  appendAll(
    lines: readonly Omit<StoredLog, 'id'>[],
    sent?: SentLines,
  ): {
    readonly logs: readonly StoredLog[];
    readonly written: Promise<void>;
  };
  /**
   * The clock was set by so many microseconds: the lines of this run of the server, up to now, have the new time.
   * Those of earlier runs stay.
   */
  shift(by: number): Promise<void>;
  /**
   * Deletes the lines from before `at`, but none behind a line that came later than that and before `now`: it was
   * written while the clock was wrong.
   * @param streams without it, of all streams
   */
  deleteBefore(at: number, now: number, streams?: StreamPatterns): Promise<void>;
  /**
   * Deletes the oldest lines of other issuers than `keeper` while the database has more bytes than `most`.
   * @returns how many lines
   */
  deleteOver(most: number, keeper: string): Promise<number>;
  /**
   * Deletes the oldest lines of some streams while these have more bytes than `most`, of all issuers together.
   * @returns how many lines
   */
  deleteOverOf(bounds: { readonly most: number } & Required<StreamPatterns>): Promise<number>;
  /** A device has another name: all lines that it said have it too, once this resolves. */
  rename(from: string, to: string): Promise<void>;
  /** Goes on with what an earlier run of the server did not finish of `rename`. */
  finishRenames(): Promise<void>;
  /** Leaves the rest of `rename` to the next run. */
  stopRenames(): Promise<void>;
};

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

/** A moment of the log that a user gave a name; each user has their own. */
export type Checkpoint = { readonly user: string; readonly name: string; readonly at: number };

/** What is on disk of the checkpoints. */
export type CheckpointRecords = {
  /** Those of a user, in the order of their times. */
  of(user: string): Promise<Checkpoint[]>;
  /** Writes it, in place of what that name was. */
  save(checkpoint: Checkpoint): Promise<void>;
  remove(checkpoint: Pick<Checkpoint, 'user' | 'name'>): Promise<void>;
};

/** Where a device was seen last: behind a port of a switch, which has this MAC. */
export type StoredPlace = {
  readonly mac: string;
  readonly switch: string;
  readonly port: number;
  /** since when it is there */
  readonly seenAt: number;
};

/** What the server knows of a port of a switch besides what the switch says. */
export type StoredPort = {
  readonly switch: string;
  readonly port: number;
  /** that a person gave it */
  readonly name: string | null;
  /** the server turned it off to turn it on again, and has not yet */
  readonly offSince: number | null;
};

/** A node that the server switched off to save power. */
export type StoredAsleep = {
  readonly mac: string;
  /** microseconds since 1970; null of a node that is not, any more */
  readonly since: number | null;
};

/** A machine that the server turned off to turn it on again. */
export type StoredCycle = {
  readonly mac: string;
  /** microseconds since 1970; null of one that has its power back */
  readonly since: number | null;
};

/** What was seen of boards of a model at a switch when they got their power. */
export type StoredLearnt = {
  readonly switch: string;
  readonly model: string;
  /** of one board, of the last times, newest first */
  readonly watts: readonly number[];
  /** milliseconds between two boards */
  readonly gap: number;
  /** boards that were waited for */
  readonly boards: number;
};

/** What is on disk of ports of switches. */
export type PowerRecords = {
  places(): Promise<StoredPlace[]>;
  savePlaces(places: readonly StoredPlace[]): Promise<void>;
  /** Where these are is not known any more. On disk when the promise resolves. */
  removePlaces(macs: readonly string[]): Promise<void>;
  /** A device is behind no port, and has none: its place, what is behind it, its ports and what was learnt at them. On disk when the promise resolves. */
  forgetPorts(mac: string): Promise<void>;
  ports(): Promise<StoredPort[]>;
  /** What is not given stays. On disk when the promise resolves. */
  savePort(
    port: Pick<StoredPort, 'switch' | 'port'> & Partial<Pick<StoredPort, 'name' | 'offSince'>>,
  ): Promise<void>;
  asleep(): Promise<{ readonly mac: string; readonly since: number }[]>;
  /** On disk when the promise resolves. */
  saveAsleep(asleep: StoredAsleep): Promise<void>;
  cycling(): Promise<{ readonly mac: string; readonly since: number }[]>;
  /** On disk when the promise resolves. */
  saveCycling(cycle: StoredCycle): Promise<void>;
  learnt(): Promise<StoredLearnt[]>;
  saveLearnt(learnt: StoredLearnt): Promise<void>;
};

/** What somebody may do by the API; the names are those of its table of calls. */
export type StoredRole = 'viewer' | 'user' | 'operator' | 'admin';

/** Somebody who may use the API from other machines. */
export type StoredUser = {
  /** owner of the images `<name>/…` */
  readonly name: string;
  readonly role: StoredRole;
  /** hashed; null where they come by tokens or a provider alone */
  readonly password: string | null;
  readonly created: number;
  /** has no way in until somebody says otherwise */
  readonly isDisabled: boolean;
  /** who says who they are; null where this server does */
  readonly provider: StoredProvider | null;
};

/** A user as a provider of OpenID Connect knows them. */
export type StoredProvider = {
  /** URL of the provider */
  readonly issuer: string;
  /** what never changes of them there, whatever they are called */
  readonly subject: string;
};

/** By what a program proves whose it is. */
export type StoredToken = {
  readonly id: string;
  readonly user: string;
  /** for people */
  readonly name: string;
  /** the most that it may, whatever its user may */
  readonly role: StoredRole;
  /** SHA-256 of the token, in hex */
  readonly hash: string;
  readonly created: number;
  readonly expires: number;
  /** id of the token that it was made by, and does not outlive */
  readonly maker: string | null;
};

/** A browser in which somebody has logged in. */
export type StoredSession = {
  /** SHA-256 of what the browser shows, in hex */
  readonly hash: string;
  readonly user: string;
  readonly created: number;
  readonly expires: number;
};

/** What is on disk of those. Each write is there when its promise resolves. */
export type AccessRecords = {
  /** In the order of their names. */
  users(): Promise<StoredUser[]>;
  /** The oldest first. */
  tokens(): Promise<StoredToken[]>;
  /** The oldest first. */
  sessions(): Promise<StoredSession[]>;
  /** Writes it, in place of what that name was. @param how.endsTokens none of their tokens and sessions is left */
  saveUser(user: StoredUser, how?: { readonly endsTokens?: boolean }): Promise<void>;
  /** With their tokens and sessions. */
  removeUser(name: string): Promise<void>;
  saveToken(token: StoredToken): Promise<void>;
  /** Its times are others. Does nothing where it is gone. */
  moveToken(token: StoredToken): Promise<void>;
  /** All of them, or none. */
  removeTokens(ids: readonly string[]): Promise<void>;
  saveSession(session: StoredSession): Promise<void>;
  /** Its times are others. Does nothing where it is gone. */
  moveSession(session: StoredSession): Promise<void>;
  removeSession(hash: string): Promise<void>;
};

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
