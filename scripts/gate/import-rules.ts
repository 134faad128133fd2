// What the table of imports consists of.

/** What one folder may import, beside its own files. */
export type ImportRule = {
  /** A folder, or one file. Of several that hold a file, the longest is the rule of that file. */
  readonly folder: string;
  /** A folder with a rule stands for the files of that rule; any other name stands for all that is below it. */
  readonly may: readonly string[];
  /** Of what it may import types, each with the reason. Elsewhere an import of a type counts as any other. */
  readonly types?: Readonly<Record<string, string>>;
  /** What it imports against the rule today, each with what this waits for. A line that is not needed fails. */
  readonly still?: Readonly<Record<string, string>>;
  /** Modules of Node: `node:fs` stands for `node:fs/promises` too. */
  readonly builtins: readonly string[] | 'any';
  /** Packages from npm. */
  readonly packages: readonly string[];
};

/** All rules, and what is to be done before they hold everywhere. */
export type ImportTable = {
  readonly rules: readonly ImportRule[];
  /** Folders and files that will move, each with where to. No rule holds for them. A line without a file fails. */
  readonly leaving: Readonly<Record<string, string>>;
  /** A file of each circle that is known, with what this waits for. A line without a circle fails. */
  readonly circles: Readonly<Record<string, string>>;
};
