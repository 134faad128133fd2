// What a start script comes to: a kernel of the image, its command line, and what is put into its memory beside it.

/** What is to be started. */
export type BootPlan = {
  /** path below /boot/<model>/ of the image */
  readonly kernel: string;
  /** as the script has it, words separated by blanks */
  readonly commandLine: string;
  /** paths, in the order in which they were loaded */
  readonly initrds: readonly string[];
};

/** Where in a script something is wrong: the file below /boot/<model>/, the line counted from 1, and words for people. */
export type ScriptProblem = { readonly file: string; readonly line: number; readonly text: string };

/** How a start script ends for a machine that nobody sits at. */
export type ScriptResult =
  | { readonly kind: 'boot'; readonly plan: BootPlan; readonly problems: readonly ScriptProblem[] }
  /** the script asks for a reset of the machine */
  | { readonly kind: 'reboot'; readonly problems: readonly ScriptProblem[] }
  /** no system is started; the last problem says why */
  | { readonly kind: 'failed'; readonly problems: readonly ScriptProblem[] };
