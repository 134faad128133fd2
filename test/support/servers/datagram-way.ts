/**
 * How servers in tests take and send datagrams: by batches, or one by one where a test file says so first. The same tests run
 * both ways.
 */
import {
  type DatagramBatches,
  openDatagramBatches,
} from '../../../agent/net/ffi/datagram-batches.ts';

const WAY = 'WALT_TEST_DATAGRAMS';

/** From now on in this process, and in those that it starts. */
export function takeDatagramsOneByOne(): void {
  process.env[WAY] = 'one-by-one';
}

/** What a server is given. @throws {Error} where this machine has no batches: then nothing would test them */
export async function datagramBatches(): Promise<DatagramBatches | undefined> {
  if (process.env[WAY] === 'one-by-one') return undefined;
  const batches = await openDatagramBatches();
  if (batches === undefined) throw new Error('Cannot test batches of datagrams: koffi is missing');
  return batches;
}
