// Words for the shell of another machine.

/** A word that any POSIX shell reads as it is, whatever is in it (IEEE Std 1003.1-2017, 2.2.2 Single-Quotes). */
export function shellWord(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** A command for the shell of a node: a script of ours, whatever the login shell of the account is, and its arguments. */
export function scriptCommand(script: string, args: readonly string[] = []): string {
  return ['exec', 'sh', '-c', ...[script, 'walt', ...args].map(shellWord)].join(' ');
}
