// What Debian wants every package to say of itself.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzip } from '../../steps/gzip.ts';
import { filled, type PackageFile, type ReleaseFacts } from '../package.ts';

/** The files in /usr/share/doc of a package: copyright, its changelog for Debian, and that for people. */
export async function documents(name: string, facts: ReleaseFacts): Promise<PackageFile[]> {
  const { root, version, date } = facts;
  const folder = `usr/share/doc/${name}`;
  const licence = await readFile(join(root, 'LICENSE'), 'utf8');
  const copyright = await readFile(join(root, 'release/debian/copyright'), 'utf8');
  const when = new Date(date * 1000).toUTCString().replace('GMT', '+0000');
  const entry = `${name} (${version}) stable; urgency=medium

  * ${folder}/NEWS.md.gz says what is new.

 -- WalT maintainers <walt@users.noreply.github.com>  ${when}
`;
  const changes = await readFile(join(root, 'CHANGELOG.md'));
  return [
    { path: `${folder}/copyright`, from: { text: filled(copyright, { LICENCE: field(licence) }) } },
    { path: `${folder}/changelog.gz`, from: { bytes: gzip(Buffer.from(entry)) } },
    { path: `${folder}/NEWS.md.gz`, from: { bytes: gzip(changes) } },
  ];
}

/** Lines of a field of Debian's: each begins with a space, and an empty one is a dot. */
function field(text: string): string {
  const lines = text.trimEnd().split('\n');
  return lines.map((line) => ` ${line.trim() || '.'}`).join('\n');
}
