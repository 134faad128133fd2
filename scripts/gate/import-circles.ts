// Finds circles of imports: files that need each other, so that none of them can be read or loaded first.
import type { SourceFile } from './source-files.ts';

/**
 * One shortest circle for each group of files that reach each other, as a path that ends where it begins. Imports of
 * types count: Node does not load them, but a reader has to know both files before either makes sense.
 */
export function importCircles(files: readonly SourceFile[]): string[][] {
  const targets = new Map(
    files.map(({ path, imports }) => [path, imports.map(({ target }) => target)]),
  );
  const circles: string[][] = [];
  const explained = new Set<string>();
  for (const { path } of files) {
    if (explained.has(path)) continue;
    const circle = shortestCircle(path, targets);
    if (circle === undefined) continue;
    circles.push(circle);
    for (const other of reachedFrom(path, targets).keys()) {
      if (reachedFrom(other, targets).has(path)) explained.add(other);
    }
  }
  return circles;
}

type Targets = ReadonlyMap<string, readonly string[]>;

function shortestCircle(start: string, targets: Targets): string[] | undefined {
  const cameFrom = reachedFrom(start, targets);
  if (!cameFrom.has(start)) return undefined;
  const circle = [start];
  let path = start;
  do {
    path = cameFrom.get(path) ?? start;
    circle.unshift(path);
  } while (path !== start);
  return circle;
}

/** All files that `start` imports, directly or through others, each with the file through which it was first reached. */
function reachedFrom(start: string, targets: Targets): Map<string, string> {
  const cameFrom = new Map<string, string>();
  const queue = [start];
  for (const path of queue) {
    for (const target of targets.get(path) ?? []) {
      if (cameFrom.has(target)) continue;
      cameFrom.set(target, path);
      queue.push(target);
    }
  }
  return cameFrom;
}
