// How much a line of the service's output matters, as systemd's journal reads it (sd-daemon(3)): `journalctl -p warning`
// shows what an operator should look at.

/** By the numbers of syslog: less is worse. */
export const PRIORITY = { error: 3, warning: 4, notice: 5, info: 6 } as const;

/** One of the numbers. */
export type Priority = (typeof PRIORITY)[keyof typeof PRIORITY];

/** Prints a line of the service's output; without a priority it is information. */
export type Print = (line: string, priority?: Priority) => void;

/**
 * Whether an output goes to systemd's journal (JOURNAL_STREAM is `DEVICE:INODE`, systemd.exec(5)). A program that was started
 * from a service with another output has the variable too, so the output itself is asked.
 */
export function isJournal(
  stream: string | undefined,
  { dev, ino }: { readonly dev: number; readonly ino: number },
): boolean {
  return stream === `${dev}:${ino}`;
}
