// Whether the server, and not the boards, is why boards stand still: then none of them is helped, and it is said once.
// Pure; times are microseconds.

/** What is so at this moment. */
export type ServerFacts = {
  /** since this process began to serve */
  readonly age: number;
  /** the interface of walt-net has a link */
  readonly hasLink: boolean;
  /** the NFS server takes connections */
  readonly hasNfs: boolean;
  /** boards that came to a standstill within the last minute */
  readonly halted: number;
  /** those of them that were up and went silent without a word */
  readonly silent: number;
  /** boards that are up or on their way */
  readonly live: number;
};

const SECOND = 1_000_000;
/** After its start boards have so long to say how they are. */
const SETTLING = 60 * SECOND;
/** Fewer boards at once are no sign of anything. */
export const MANY = 4;

/** A part of a sentence; undefined where it is not the server. */
export function serverTrouble(facts: ServerFacts): string | undefined {
  const { age, hasLink, hasNfs, halted, silent, live } = facts;
  if (!hasLink) return 'the interface of walt-net has no link';
  if (!hasNfs) return 'the NFS server does not answer';
  // Below 0 the clock was set back.
  if (age >= 0 && age < SETTLING) return 'the server has just started';
  if (halted >= MANY && halted * 2 >= live) {
    return `${halted} boards stopped within a minute: a switch, the power or the image of all of them`;
  }
  // Whatever the others do: that is no chance.
  if (silent >= MANY) {
    return `${silent} boards fell silent within a minute: a switch, or the power of all of them`;
  }
  return undefined;
}
