/** Which part of a file an HTTP request wants (RFC 9110 §14.1.2). */

/** Positions of bytes from 0, both included. */
export type ByteRange = { readonly first: number; readonly last: number };

/**
 * Reads a header `Range`: `bytes=5-9`, `bytes=5-`, `bytes=-5`. What is no such header, or asks for several ranges at
 * once, may be answered by the whole file (§14.2).
 * @param size of the file, in bytes
 * @returns undefined: the whole file is wanted
 */
export function readRange(
  header: string | undefined,
  size: number,
): ByteRange | 'unsatisfiable' | undefined {
  const [, from = '', to = ''] = /^\s*bytes\s*=\s*(\d*)-(\d*)\s*$/i.exec(header ?? '') ?? [];
  if (from === '' && to === '') return undefined;
  if (from === '') return lastBytes(Number(to), size);
  const first = Number(from);
  if (to !== '' && Number(to) < first) return undefined;
  if (first >= size) return 'unsatisfiable';
  return { first, last: to === '' ? size - 1 : Math.min(Number(to), size - 1) };
}

function lastBytes(count: number, size: number): ByteRange | 'unsatisfiable' {
  if (count === 0 || size === 0) return 'unsatisfiable';
  return { first: Math.max(0, size - count), last: size - 1 };
}
