// The folder /boot/<model>/ of an image, for whoever follows its start script.
import { open } from 'node:fs/promises';
import type { ScriptFiles } from '../../../boot/ipxe-script/files.ts';
import { resolveInside } from './inside.ts';

/** No start script is longer; what is, is no script. */
const LONGEST_SCRIPT = 64 * 1024;

/** @param root file system of the image */
export function bootFolder(root: string, model: string): ScriptFiles {
  return async (path) => {
    const found = await resolveInside(root, `boot/${model}/${path}`);
    if (found.kind !== 'file') return undefined;
    return { start: await startOf(found.path) };
  };
}

/** The file of the image on this machine; undefined where there is none. */
export async function bootFile(
  root: string,
  model: string,
  path: string,
): Promise<string | undefined> {
  const found = await resolveInside(root, `boot/${model}/${path}`);
  return found.kind === 'file' ? found.path : undefined;
}

async function startOf(path: string): Promise<string> {
  const file = await open(path);
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(LONGEST_SCRIPT));
    return buffer.subarray(0, bytesRead).toString('latin1');
  } finally {
    await file.close();
  }
}
