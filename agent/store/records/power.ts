// What the server keeps of switches, ports and power. Times are microseconds since 1970, UTC.

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
