// How a stream of log lines begins:
//
//     REQ_NEW_INCOMING_LOGS
//     <stream>
//     NO_TIMESTAMPS | TIMESTAMPS_INSIDE
//
// Then come its lines. The line CLOSE ends it, or the end of the connection.

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
};

const MODES: Readonly<Record<string, boolean>> = {
  NO_TIMESTAMPS: false,
  TIMESTAMPS_INSIDE: true,
};
const STREAM = new RegExp(`^[A-Za-z0-9._-]{1,${LONGEST_STREAM}}$`);
/** What the server says is in these, and nobody else says anything there. */
const OURS = /^(platform|daemon)(\.|$)/;

/** @returns undefined where the mode is none that there is */
export function readStreamHead(stream: string, mode: string): StreamHead | undefined {
  const hasTimes = Object.hasOwn(MODES, mode) ? MODES[mode] : undefined;
  return hasTimes === undefined ? undefined : { stream, hasTimes };
}

/** May a node call a stream so? */
export function isNodeStream(stream: string): boolean {
  return STREAM.test(stream) && !OURS.test(stream);
}
