import { open } from 'node:fs/promises';

/** Names that came or went in a folder are on the disk for good. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
