// Names of objects: numbers with dots between them.

/** The numbers behind a base, as an index of a table; undefined where the name is not below the base. */
export function indexBelow(base: string, oid: string): number[] | undefined {
  if (!oid.startsWith(`${base}.`)) return undefined;
  return oid
    .slice(base.length + 1)
    .split('.')
    .map(Number);
}

/** Whether `next` comes behind `oid` in the order of a walk. */
export function follows(oid: string, next: string): boolean {
  const left = oid.split('.').map(Number);
  const right = next.split('.').map(Number);
  for (const [at, number] of right.entries()) {
    const before = left[at];
    if (before === undefined) return true;
    if (number !== before) return number > before;
  }
  return false;
}
