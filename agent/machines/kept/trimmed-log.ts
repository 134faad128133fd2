// What a machine's console and its QEMU say, within bounds: a guest may print without end.
import { open, rename, stat, truncate } from 'node:fs/promises';

/** Of each log, and of the part before it. */
const MOST_BYTES = 4 * 1_048_576;

/**
 * Begins a log anew that has grown large; the end of what it had is kept beside it, as `<log>.1`. QEMU keeps the file open, and
 * writes at its end.
 * @param most bytes of the log, and of what is kept
 * @throws where the end cannot be kept, as on a full disk: the log is begun anew all the same
 */
export async function trimLog(path: string, most = MOST_BYTES): Promise<void> {
  const size = (await stat(path).catch(() => undefined))?.size ?? 0;
  if (size < most) return;
  try {
    await keepEnd(path, { from: size - most, bytes: most });
  } finally {
    await truncate(path);
  }
}

async function keepEnd(
  path: string,
  { from, bytes }: { readonly from: number; readonly bytes: number },
): Promise<void> {
  const part = `${path}.part`;
  await using log = await open(path, 'r');
  await using kept = await open(part, 'w', 0o600);
  const { buffer, bytesRead } = await log.read(Buffer.alloc(bytes), 0, bytes, from);
  await kept.writeFile(buffer.subarray(0, bytesRead));
  await rename(part, `${path}.1`);
}
