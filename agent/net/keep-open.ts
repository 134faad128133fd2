// Keeps what this process was given open for the one that it becomes: Node.js marks all of it close-on-exec when it starts.
import { WaltError } from '../errors.ts';
import { loadSystemCalls } from './ffi/system-calls.ts';

/** @throws {WaltError} where it cannot be done here */
export async function keepOpen(descriptors: readonly number[]): Promise<void> {
  if (descriptors.length === 0) return;
  const calls = await loadSystemCalls();
  const isKept = descriptors.every((fd) => calls?.keepOpen(fd) === 0);
  if (isKept) return;
  throw new WaltError(
    'Cannot start: systemd has opened some of the sockets, and this machine lacks what keeps them open (package koffi)',
  );
}
