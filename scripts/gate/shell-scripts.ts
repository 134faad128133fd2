// Finds the shell scripts of the project by their first line: many reach nodes without a telling name.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { $ } from '../run.ts';

const SHEBANG = /^#! *(?:\/usr)?\/bin\/(?:env )?(?:busybox )?(?:ba)?sh\b/;

/** The tracked and new files below `root` that a shell runs, as paths from `root`. */
export async function shellScripts(root: string): Promise<string[]> {
  const { stdout } = await $({
    cwd: root,
  })`git ls-files -z --cached --others --exclude-standard -- ${['.ci', 'lab', 'scripts', 'buildroot-overlay', 'boot-artifacts', 'release']}`;
  const paths = [...new Set(stdout.split('\0').filter(Boolean))];
  const scripts: string[] = [];
  for (const path of paths) {
    // A deleted file stays listed until its deletion is committed.
    const text = await readFile(join(root, path), 'latin1').catch(() => '');
    if (SHEBANG.test(text)) scripts.push(path);
  }
  return scripts;
}
