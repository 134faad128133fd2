// The notes of a release, from CHANGELOG.md.

/** The section of the version, or of what is not released yet. @throws {Error} where there is neither */
export function releaseNotes(changelog: string, version: string): string {
  const sections = changelog.split(/^## /m).slice(1);
  const of = (title: string) =>
    sections.find((section) => section.split('\n')[0]?.trim() === title);
  const section = of(version) ?? of('Unreleased');
  if (section === undefined) {
    throw new Error(`Cannot write the notes of ${version}: CHANGELOG.md has no section for it`);
  }
  const [, ...lines] = section.split('\n');
  return `# WalT ${version}\n\n${lines.join('\n').trim()}\n`;
}
