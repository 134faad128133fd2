/** Programs to compare with, taken out of their Debian packages: nothing is installed, no service starts. */
import { join } from 'node:path';
import { $ } from '../../scripts/run.ts';

/** Unpacks the packages below `folder`; what their programs need beside them has to be on the machine. */
export async function unpackPackages(packages: readonly string[], folder: string): Promise<string> {
  const root = join(folder, 'programs');
  await $`mkdir -p ${root}`;
  await $({ cwd: root })`apt-get -q download ${packages}`;
  await $({ cwd: root })`sh -c ${'for package in *.deb; do dpkg-deb -x "$package" .; done'}`;
  return join(root, 'usr/sbin');
}
