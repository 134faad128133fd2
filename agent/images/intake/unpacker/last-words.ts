// Why the program that unpacks has ended, in one line: what Node.js prints is a stack of our own files.

const REASON = /^(?:Uncaught )?(?:\w*Error\b|FATAL ERROR).*/m;

/**
 * @param how exit status or name of a signal
 * @param complaint what it printed
 */
export function lastWords(how: number | string, complaint: string): string {
  const reason = REASON.exec(complaint)?.[0];
  if (reason !== undefined) return `it ended (${how}): ${reason}`;
  if (how !== 'SIGKILL') return `it ended (${how})`;
  return 'it was ended (SIGKILL): by somebody, or by the system because memory was short (dmesg). Try again';
}
