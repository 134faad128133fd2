// How the server goes: at once, or so that files on their way to machines still arrive while its successor answers.

/** A server of files. */
type FileServer = {
  /** Cuts what runs. */
  close(): Promise<void>;
  /** Takes nothing new; what runs may go on for so long (milliseconds). */
  drain(ms: number): Promise<void>;
};

/** Asked by each server of files when its turn to end comes. */
export class Departure {
  readonly #drains: Promise<void>[] = [];
  #graceMs: number | undefined;

  /** From now on files may finish, within so many milliseconds. */
  linger(graceMs: number): void {
    this.#graceMs = graceMs;
  }

  /** Ends a server, or lets it end by itself. */
  async leave(server: FileServer): Promise<void> {
    if (this.#graceMs === undefined) await server.close();
    else this.#drains.push(server.drain(this.#graceMs));
  }

  /** Waits until nothing is on its way any more. */
  async over(): Promise<void> {
    await Promise.allSettled(this.#drains);
  }
}
