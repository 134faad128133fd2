// A command failed: the message is for the person who typed it.
/** Ends the command with status 1. Its message is printed without a stack, and says what to do next. */
export class CommandError extends Error {
  override name = 'CommandError' as const;
}
