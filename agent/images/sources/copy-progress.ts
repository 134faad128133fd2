// How far a copy is. Skopeo says nothing of it without a terminal, but the files it writes grow.
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Blobs, Descriptor } from '../content/blobs.ts';

const LOOK_MS = 500;
/** A registry that sends nothing for so long is given up. */
const STALL_MS = 120_000;
const STEP = 10;

type Options = {
  readonly parts: readonly Descriptor[];
  readonly blobs: Blobs;
  /** where skopeo writes what is not whole */
  readonly work: string;
  readonly progress: (step: string) => void;
  readonly onStall: () => void;
};

/** Reports every tenth of the copy until the returned function is called. */
export function watchCopy(options: Options): () => void {
  const { parts, progress, onStall } = options;
  const total = parts.reduce((sum, { size }) => sum + size, 0);
  let done = -1;
  let told = 0;
  let since = performance.now();
  const look = async () => {
    const now = await bytesOf(options);
    if (now !== done) since = performance.now();
    done = now;
    if (performance.now() - since > STALL_MS) onStall();
    const share = total === 0 ? 0 : Math.min(100, Math.floor((now / total) * 100));
    if (share < told + STEP) return;
    told = share - (share % STEP);
    progress(`fetched ${told} % of ${Math.ceil(total / 1e6)} MB`);
  };
  const timer = setInterval(() => look().catch(() => undefined), LOOK_MS);
  return () => clearInterval(timer);
}

async function bytesOf({ parts, blobs, work }: Options): Promise<number> {
  let bytes = 0;
  for (const { digest, size } of parts) {
    if (await blobs.has(digest)) bytes += size;
  }
  for (const name of await readdir(work).catch(() => [])) {
    if (!name.startsWith('oci-put-blob')) continue;
    bytes += (await stat(join(work, name)).catch(() => ({ size: 0 }))).size;
  }
  return bytes;
}
