// The one table of what the server's sockets take: how much of one connection, of one address and in all, and what
// happens there. Whoever reads no answer, asks without end or makes addresses up meets one of these rows.
import type { Limit } from './limit.ts';
import { BOOT_LIMITS } from './rows/boot-limits.ts';
import { NODE_LIMITS } from './rows/node-limits.ts';
import { PEOPLE_LIMITS } from './rows/people-limits.ts';

/** The rows by the names that code and tests use. */
export const LIMITS = {
  ...BOOT_LIMITS,
  ...NODE_LIMITS,
  ...PEOPLE_LIMITS,
} as const satisfies Readonly<Record<string, Limit>>;

/** A row of the table. */
export type LimitName = keyof typeof LIMITS;

/** Told of a limit that was met. @param from whose it is: an address, a MAC, or who else asked */
export type OnLimit = (limit: LimitName, from: string) => void;
