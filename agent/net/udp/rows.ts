/** Datagrams to one place: those that lie one behind the other in memory leave with one call. */
import type { DatagramBatches } from '../ffi/datagram-batches.ts';
import type { Place } from '../ffi/place.ts';

/** Where a row ends that begins at `at`: all of it are as long as the first, but the last, which may be shorter. */
export function endOfRow(datagrams: readonly Uint8Array[], at: number): number {
  const first = datagrams[at];
  let end = at + 1;
  for (let before = first; before !== undefined; before = datagrams[end - 1]) {
    const next = datagrams[end];
    if (next === undefined || before.length !== first?.length) break;
    const isBehind = next.byteOffset === before.byteOffset + before.length;
    if (next.buffer !== before.buffer || !isBehind) break;
    if (next.length === 0 || next.length > first.length) break;
    end += 1;
  }
  return end;
}

/** Sends a row, as far as the kernel takes it now. @returns how many datagrams it took from the first on */
export function sendRow(
  row: readonly Uint8Array[],
  to: Place,
  { batches, fd }: { readonly batches: DatagramBatches; readonly fd: number },
): number {
  const [first] = row;
  if (!first?.length) return 0;
  const stride = first.length;
  const end = row.reduce((sum, { length }) => sum + length, 0);
  let taken = 0;
  while (taken < row.length) {
    const from = taken * stride;
    const run = {
      memory: first.buffer,
      offset: first.byteOffset + from,
      length: end - from,
      stride,
    };
    const more = batches.sendRun(fd, run, to);
    if (more === 0) break;
    taken += more;
  }
  return taken;
}
