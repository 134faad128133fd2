// What the server keeps of the moments that users gave a name. Times are microseconds since 1970, UTC.

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
