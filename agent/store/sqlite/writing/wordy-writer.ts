// Says in words why the disk took nothing.
import { DiskError, diskWords } from '../../../errors.ts';
import type { Writer } from './batch-writer.ts';

/** @param onWritten called when something is on disk */
export function wordyWriter(writer: Writer, onWritten: () => void): Writer {
  return {
    write: async (batch) => {
      try {
        const failures = await writer.write(batch);
        if (failures.length < batch.length) onWritten();
        return failures.map(({ at, reason }) => ({ at, reason: inWords(reason) }));
      } catch (reason) {
        throw inWords(reason);
      }
    },
    close: () => writer.close(),
  };
}

function inWords(reason: unknown): unknown {
  const words = diskWords(reason);
  if (words === undefined) return reason;
  return new DiskError(`Cannot write to the database: ${words}`, { cause: reason });
}
