// Chooses the kernel modules of an initrd, with all they depend on, from the text of modules.dep.
import type { KernelRecipe } from '../recipe.ts';

/** Paths of modules, each with the paths it needs: `kernel/fs/nfs/nfs.ko: kernel/net/sunrpc/sunrpc.ko …` a line. */
export function parseModulesDep(text: string): Map<string, readonly string[]> {
  const modules = new Map<string, readonly string[]>();
  for (const line of text.split('\n')) {
    const colon = line.indexOf(':');
    if (colon < 0) continue;
    modules.set(
      line.slice(0, colon),
      line
        .slice(colon + 1)
        .split(' ')
        .filter(Boolean),
    );
  }
  return modules;
}

/**
 * The chosen modules and what they need, sorted.
 * @throws {RangeError} when a module of the recipe is not there.
 */
export function chooseModules(
  modules: ReadonlyMap<string, readonly string[]>,
  { initrdModules, initrdLeavesOut }: KernelRecipe,
): string[] {
  const leftOut = initrdLeavesOut.map((path) => `kernel/${path}`);
  const chosen = new Set<string>();
  for (const wanted of initrdModules) {
    const found = [...modules.keys()].filter((path) => matches(path, wanted));
    if (found.length === 0)
      throw new RangeError(`Cannot find kernel module ${wanted}: not in modules.dep`);
    for (const path of found) {
      if (leftOut.some((prefix) => path.startsWith(prefix))) continue;
      // modules.dep lists everything needed, also indirectly.
      for (const needed of [path, ...(modules.get(path) ?? [])]) chosen.add(needed);
    }
  }
  return [...chosen].sort();
}

/** A module's file name may have `-` where its name has `_`. */
function matches(path: string, wanted: string): boolean {
  if (wanted.endsWith('/')) return path.startsWith(`kernel/${wanted}`);
  const name = path.slice(path.lastIndexOf('/') + 1).replace(/\.ko(\.\w+)?$/, '');
  return name.replaceAll('-', '_') === wanted.replaceAll('-', '_');
}
