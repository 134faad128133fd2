// How a stream of log lines begins:
//
//     REQ_NEW_INCOMING_LOGS
//     <stream>
//     NO_TIMESTAMPS | TIMESTAMPS_INSIDE | TIMESTAMPS_COUNTED <sender> <number>
//
// Then come its lines. The line CLOSE ends it, or the end of the connection. Lines of TIMESTAMPS_COUNTED have their times inside, and
// numbers: the first one has the number of the head, the next one is one more. The sender is a name that nobody else has.
// The server says how many lines of this sender are on its disk, again and again:
//
//     HAVE <number>
//
// A sender that was cut off begins at any line that it was not told of; lines that the server has are dropped.

/** The first line that asks for it, or the number that stands for it. */
export const LOG_REQUESTS: readonly string[] = ['REQ_NEW_INCOMING_LOGS', '0'];
/** The line that ends a stream. */
export const LOG_END = 'CLOSE';

/** Characters of the name of a stream. */
export const LONGEST_STREAM = 64;

/** What the second and third line say. */
export type StreamHead = {
  readonly stream: string;
  /** each line begins with its time */
  readonly hasTimes: boolean;
  /** lines are numbered, and the sender waits to be told that they are on disk */
  readonly counted?: CountedHead;
};

/** Whose lines these are, and the number of the first one. */
export type CountedHead = { readonly sender: string; readonly first: number };

const MODES: Readonly<Record<string, boolean>> = {
  NO_TIMESTAMPS: false,
  TIMESTAMPS_INSIDE: true,
};
const COUNTED = /^TIMESTAMPS_COUNTED ([A-Za-z0-9]{16,64}) ([1-9]\d{0,14})$/;
const STREAM = new RegExp(`^[A-Za-z0-9._-]{1,${LONGEST_STREAM}}$`);
/** What the server says is in these, and nobody else says anything there. */
const OURS = /^(platform|daemon)(\.|$)/;

/** @returns undefined where the mode is none that there is */
export function readStreamHead(stream: string, mode: string): StreamHead | undefined {
  const [, sender, first] = COUNTED.exec(mode) ?? [];
  if (sender !== undefined) {
    return { stream, hasTimes: true, counted: { sender, first: Number(first) } };
  }
  const hasTimes = Object.hasOwn(MODES, mode) ? MODES[mode] : undefined;
  return hasTimes === undefined ? undefined : { stream, hasTimes };
}

/** What a sender is told of its lines. @param count those from the first one on that are on disk */
export function haveLine(count: number): string {
  return `HAVE ${count}\n`;
}

/** May a node call a stream so? */
export function isNodeStream(stream: string): boolean {
  return STREAM.test(stream) && !OURS.test(stream);
}
