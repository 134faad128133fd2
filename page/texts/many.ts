// So many of something.

/** `1 node`, `2 nodes`. */
export function many(count: number, one: string): string {
  return `${count} ${one}${count === 1 ? '' : 's'}`;
}
