// What the server keeps of boards that did not come up.

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
