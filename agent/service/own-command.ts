// How this program was started.

/** The command that starts this program again: Node.js first. */
export function ownCommand(): string[] {
  return [process.execPath, ...process.execArgv, ...process.argv.slice(1)];
}
