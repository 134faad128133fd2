// The shape that all media share.
import type { Plan } from '../steps/plan.ts';

/** Something that is flashed or copied so that machines of one family boot from our server. */
export type Medium = {
  /** What to type: `npm run media -- <name>`. */
  readonly name: string;
  /** One line for the help. */
  readonly summary: string;
  readonly plan: () => Plan;
  /** What else can be asked for, each by an option of its own. */
  readonly variants?: readonly Variant[];
};

/** Built instead of the plan, or after it when it adds to it. */
export type Variant = {
  /** What to type: `npm run media -- <name> --<option>`. */
  readonly option: MediaOption;
  readonly summary: string;
  /** Told all that was asked for, so that an addition can follow the others. */
  readonly plan: (asked: readonly MediaOption[]) => Plan;
  readonly isAddition?: boolean;
};

/** All options of variants: the command has to know them. */
export const mediaOptions = ['image', 'eeprom-only', 'without-eeprom', 'debug'] as const;

/** Such an option, without its dashes: it asks for a variant of a medium. */
export type MediaOption = (typeof mediaOptions)[number];
