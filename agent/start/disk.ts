// Says when the disk that holds the state gets full, or cannot be written, and when that is over.
import type { Publish } from '../events/publisher.ts';
import { every } from '../host/clock/every.ts';
import { type DiskState, diskState, readDisk } from '../host/folders/disk.ts';
import type { Problem } from './telling/journal.ts';

const LOOK_MS = 5000;

/** Looks at once, and again and again. @param folder of the server's state */
export async function watchDisk(
  folder: string,
  { publish, problem }: { readonly publish: Publish; readonly problem: Problem },
  services: AsyncDisposableStack,
): Promise<void> {
  let state: DiskState = 'fine';
  const look = async () => {
    const disk = await readDisk(folder);
    const before = state;
    state = diskState(disk, before);
    if (state !== before) publish([{ kind: 'disk', folder, state, free: disk.free }]);
  };
  await look().catch(problem('disk'));
  services.defer(every(LOOK_MS, look, problem('disk')));
}
