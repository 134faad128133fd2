/** How long the disk takes for what an ACK waits for: where that is slow, so is the server, and no other one that waits for nothing. */
import { open } from 'node:fs/promises';
import { join } from 'node:path';

const WRITES = 2000;
/** Of a record of one lease. */
const RECORD_BYTES = 193;
/** Records lie behind one another in a file that has its length, as the server's do. */
const FILE_BYTES = 2 ** 20;

/** @returns a sentence: median and 99th percentile of one write after the other in the folder, in milliseconds */
export async function diskWrites(folder: string): Promise<string> {
  await using file = await open(join(folder, 'disk-writes'), 'w');
  await file.write(Buffer.alloc(FILE_BYTES), 0, FILE_BYTES, 0);
  await file.sync();
  const record = Buffer.alloc(RECORD_BYTES, 'x');
  const took: number[] = [];
  for (let count = 0; count < WRITES; count += 1) {
    const begun = performance.now();
    await file.write(record, 0, RECORD_BYTES, count * RECORD_BYTES);
    await file.datasync();
    took.push(performance.now() - begun);
  }
  const sorted = took.toSorted((one, other) => one - other);
  const at = (share: number) => (sorted[Math.floor(share * WRITES)] ?? 0).toPrecision(2);
  const what = `${RECORD_BYTES} bytes written and on disk (\`fdatasync\`), one after the other`;
  return `${what}: median ${at(0.5)} ms, p99 ${at(0.99)} ms on this disk.`;
}
