// What the bundlers make.

/** A file of the bundles by its name, and whether it is a program. */
export type Bundle = {
  readonly name: string;
  readonly contents: Uint8Array;
  readonly isProgram: boolean;
};
