// A command failed: the message is for the person who typed it.
export class CommandError extends Error {
  override name = 'CommandError' as const;
}
