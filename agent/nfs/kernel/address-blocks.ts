// The fewest networks that hold given addresses and no others. mountd compares each client that it reads with each that it has read, so
// that its time grows with the square of their number; nodes whose addresses follow one another are one client.
import { ipToNumber, numberToIp } from '../../protocol/ip.ts';

const BITS = 32;

/**
 * As exports(5) takes clients: `10.0.0.4/30`, and `10.0.0.9/32` for a single address. In the order of addresses; none lies in another.
 * @param addresses dotted, in any order; one may come twice
 * @throws {TypeError} for what is no IPv4 address
 */
export function addressBlocks(addresses: Iterable<string>): string[] {
  const numbers = Uint32Array.from(new Set(addresses), ipToNumber).sort();
  const blocks: string[] = [];
  for (let at = 0; at < numbers.length; ) {
    const size = blockSize(numbers, at);
    blocks.push(`${numberToIp(numbers[at] ?? 0)}/${BITS - Math.log2(size)}`);
    at += size;
  }
  return blocks;
}

/** The largest power of two of addresses that begins here: on a multiple of itself, and all are there. */
function blockSize(numbers: Uint32Array, at: number): number {
  const first = numbers[at] ?? 0;
  let size = 1;
  while (first % (2 * size) === 0 && isRun(numbers, { at, first, size: 2 * size })) size *= 2;
  return size;
}

/** Each is there once and they are sorted, so that the last of a run says that all before it are there. */
function isRun(
  numbers: Uint32Array,
  { at, first, size }: { readonly at: number; readonly first: number; readonly size: number },
): boolean {
  return numbers[at + size - 1] === first + size - 1;
}
