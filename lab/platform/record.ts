// What a running platform consists of, on disk: by it `npm stop` ends another process's platform, and the next start
// finds what one killed by force has left.
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProcessIdentity } from '../../agent/host/processes/process-identity.ts';

/** One platform. */
export type PlatformRecord = {
  readonly supervisor: ProcessIdentity;
  /** Set once we have made it: one of this name may have been somebody else's before. */
  readonly namespace?: string;
  readonly isReady: boolean;
  readonly server?: ProcessIdentity;
};

/** The record in this state folder, if any. */
export async function readRecord(state: string): Promise<PlatformRecord | undefined> {
  const text = await readFile(file(state), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  return text === undefined ? undefined : JSON.parse(text);
}

/** Writes the first record of a platform. False when there is one already: somebody else was quicker. */
export async function claimRecord(state: string, record: PlatformRecord): Promise<boolean> {
  return writeFile(file(state), JSON.stringify(record), { flag: 'wx', mode: 0o600 }).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') return false;
      throw error;
    },
  );
}

/** Writes the record whole: a reader sees the old one or the new one. */
export async function writeRecord(state: string, record: PlatformRecord): Promise<void> {
  const unfinished = `${file(state)}.${process.pid}`;
  await writeFile(unfinished, `${JSON.stringify(record, null, 2)}\n`, { mode: 0o600 });
  await rename(unfinished, file(state));
}

/** The platform is gone: the next one may claim its folder. */
export async function deleteRecord(state: string): Promise<void> {
  await rm(file(state), { force: true });
}

function file(state: string): string {
  return join(state, 'platform.json');
}
