// Words as GRUB's script language takes them literally (GRUB manual, "Quoting").

/** Within single quotes nothing is special; a single quote itself stands outside, behind a backslash. */
export function quoted(word: string): string {
  return `'${printable(word).replaceAll("'", "'\\''")}'`;
}

/** Line ends and other control characters would end the command, or the screen's text. */
function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, ' ');
}

/**
 * The words of a kernel's command line, as the kernel reads it: blanks part them except between double quotes. GRUB puts
 * quotes round a word with a blank by itself, and backslashes before quotes that it is given.
 */
export function kernelWords(commandLine: string): string[] {
  return [...commandLine.matchAll(/(?:[^\s"]|"[^"]*(?:"|$))+/g)].map(([word]) =>
    word.replaceAll('"', ''),
  );
}
