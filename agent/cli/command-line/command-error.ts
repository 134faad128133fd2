// A command failed: the message is for the person who typed it.
/** Ends the command with status 1. Its message is printed without a stack, and says what to do next. */
export class CommandError extends Error {
  override name = 'CommandError';
}

/** A program elsewhere has failed, and has said why itself: the command ends with its status, and says nothing. */
export class StatusError extends CommandError {
  override name = 'StatusError' as const;
  readonly status: number;

  /** @param status 1 to 255; null where a signal ended the program */
  constructor(status: number | null) {
    super(`It ended with status ${status}`);
    this.status = status ?? 1;
  }
}
