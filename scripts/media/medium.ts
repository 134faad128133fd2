// The shape that all media share.
import type { Plan } from '../plan.ts';

/** Something that is flashed or copied so that machines of one family boot from our server. */
export type Medium = {
  /** What to type: `npm run media -- <name>`. */
  readonly name: string;
  /** One line for the help. */
  readonly summary: string;
  readonly plan: () => Plan;
};
