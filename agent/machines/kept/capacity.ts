// Whether this machine can carry one more virtual machine: asked before it is started, and answered with figures.
import { statfs } from 'node:fs/promises';
import { mem } from 'systeminformation';

/** The server itself, NFS and the rest of the system keep so much. */
const RESERVE_BYTES = 512 * 1024 * 1024;

/** What a virtual machine is going to take. */
export type Demand = {
  /** memory of the machine, bytes */
  readonly memoryBytes: number;
  /** memory that was promised to other virtual machines that are on, bytes */
  readonly promisedBytes: number;
  /** what it has itself while it runs, and gives back before it starts anew, bytes */
  readonly heldBytes?: number;
};

/** Why the memory does not suffice, in words; undefined where it does. */
export async function complaintAboutMemory({
  memoryBytes,
  promisedBytes,
  heldBytes = 0,
}: Demand): Promise<string | undefined> {
  const { total, available } = await mem();
  // Machines touch their memory little by little: what was promised to them counts as taken.
  const left = Math.min(available + heldBytes, total - promisedBytes - RESERVE_BYTES);
  if (memoryBytes <= left) return undefined;
  return (
    `it needs ${gigabytes(memoryBytes)} of memory, and ${gigabytes(Math.max(0, left))} of this machine's ` +
    `${gigabytes(total)} are left (other virtual nodes have ${gigabytes(promisedBytes)})`
  );
}

/**
 * Why the disk does not suffice, in words; undefined where it does.
 * @param bytes that disks of machines may still take
 * @param folder where they are
 */
export async function complaintAboutDisk(
  bytes: number,
  folder: string,
): Promise<string | undefined> {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  if (bytes <= free) return undefined;
  return `its disks may take ${gigabytes(bytes)} more, and ${gigabytes(free)} are free in ${folder}`;
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
