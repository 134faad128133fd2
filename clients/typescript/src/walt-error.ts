// What the server refuses.

/** The server refused, with a sentence; `code` stays the same whatever the sentence says. */
export class WaltError extends Error {
  override name = 'WaltError' as const;
  /** of HTTP; undefined where an answer had begun already */
  readonly status: number | undefined;
  readonly code: string | undefined;

  constructor(message: string, { status, code }: { status?: number; code?: string } = {}) {
    super(message);
    this.status = status;
    this.code = code;
  }
}
