/** What every part of the bench has to work with. */
import type { Lab } from '../../../lab/lab.ts';

/** A lab whose server is told of the registry with the images of the bench. */
export type Bench = { readonly lab: Lab; readonly rounds: number };

/** A part of the bench: its name on the command line, and what it measures, as tables. */
export type Part = {
  readonly name: string;
  readonly measure: (bench: Bench) => Promise<string>;
};
