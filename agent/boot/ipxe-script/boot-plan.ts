// What a start script comes to: a kernel of the image, its command line, and what is put into its memory beside it.

export type BootPlan = {
  /** path below /boot/<model>/ of the image */
  readonly kernel: string;
  /** as the script has it, words separated by blanks */
  readonly commandLine: string;
  /** paths, in the order in which they were loaded */
  readonly initrds: readonly string[];
};

/** Where in a script something is wrong, in words. */
export type Complaint = { readonly file: string; readonly line: number; readonly text: string };

export type ScriptResult =
  | { readonly kind: 'boot'; readonly plan: BootPlan; readonly complaints: readonly Complaint[] }
  /** the script asks for a reset of the machine */
  | { readonly kind: 'reboot'; readonly complaints: readonly Complaint[] }
  /** no system is started; the last complaint says why */
  | { readonly kind: 'failed'; readonly complaints: readonly Complaint[] };
