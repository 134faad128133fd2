// What steps are told: where they work, where inputs and hand-written files are, and how to run programs.
import type { Places } from '../inputs/fetch.ts';

/** The surroundings of one build of a medium; all folders are absolute paths. */
export type Build = {
  readonly folder: string;
  readonly artifacts: string;
  readonly places: Places;
  /** `$` with the build's folder, tools and environment: no time zone, language or clock of this machine gets in. */
  readonly $: (
    pieces: TemplateStringsArray,
    ...args: readonly (string | number | readonly string[])[]
  ) => Promise<unknown>;
};
