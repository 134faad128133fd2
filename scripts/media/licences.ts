// What Debian says of the copyright of the programs on a medium: it goes with them.
import type { DebianInput } from '../inputs/input.ts';
import type { TreeFile } from '../steps/step.ts';

/** One file for each package, `LICENCES/<package>.TXT`. The packages are unpacked into folders of their names. */
export function licences(packages: readonly DebianInput[]): TreeFile[] {
  return packages.map(({ package: name }) => ({
    path: `LICENCES/${name}.TXT`,
    from: { unpacked: `${name}/usr/share/doc/${name}/copyright` },
  }));
}
