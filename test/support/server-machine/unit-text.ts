// Files of systemd, such as units, as text.

/** A section for each key, with a line for each of its own keys. */
export function unitText(
  sections: Readonly<Record<string, Readonly<Record<string, string>>>>,
): string {
  return Object.entries(sections)
    .map(([name, keys]) => {
      const lines = Object.entries(keys).map(([key, value]) => `${key}=${value}\n`);
      return `[${name}]\n${lines.join('')}`;
    })
    .join('\n');
}
