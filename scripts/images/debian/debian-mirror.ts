// Where packages come from: the Debian mirror that this machine's apt is configured for.
import { $ } from '../../run.ts';

/**
 * Lines of a sources list for the suite, with its updates and security updates, from the host's own mirror.
 * None when the host has no Debian mirror (it may run another distribution): mmdebstrap then takes Debian's public one.
 */
export async function debianSources(suite: string): Promise<string[]> {
  const { stdout } =
    await $`apt-get indextargets --format ${'$(REPO_URI) $(LABEL)'} ${'Created-By: Packages'}`;
  return sourceLines(stdout, suite);
}

/** From lines of `address label`, as apt prints them for each index. */
export function sourceLines(targets: string, suite: string): string[] {
  const address = (label: string) =>
    targets
      .split('\n')
      .map((line) => line.split(' '))
      .find((words) => words[1] === label)?.[0];
  const main = address('Debian');
  const security = address('Debian-Security');
  if (main === undefined) return [];
  const lines = [`deb ${main} ${suite} main`, `deb ${main} ${suite}-updates main`];
  return security === undefined ? lines : [...lines, `deb ${security} ${suite}-security main`];
}
