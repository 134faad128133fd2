// Which Debian archive this host uses, as its own apt is configured: builds take packages of any suite from there.
import { readFile } from 'node:fs/promises';
import { $ } from '../run.ts';

/** The archive's address, ending in a slash. Throws on a host whose apt knows no archive of its own release. */
export async function debianArchive(): Promise<string> {
  const release = /^VERSION_CODENAME=(.+)$/m.exec(await readFile('/etc/os-release', 'utf8'))?.[1];
  const { stdout } =
    await $`apt-get indextargets --format ${'$(RELEASE) $(COMPONENT) $(REPO_URI)'}`;
  const address = archiveOf(release ?? '', stdout);
  if (address) return address;
  throw new Error(`Cannot find a Debian archive: apt has no source with "${release} main"`);
}

/** The address in the first line `<release> main <address>`: lines of updates, security and other vendors differ in the first two. */
export function archiveOf(release: string, targets: string): string | undefined {
  const wanted = `${release} main `;
  return targets
    .split('\n')
    .find((line) => line.startsWith(wanted))
    ?.slice(wanted.length);
}
