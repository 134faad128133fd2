// A folder that is removed when the test is over.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { runProgram } from '../../agent/host/processes/program.ts';
import { mountPoints } from '../../agent/images/content/roots/mounts.ts';

/** @param parent where it is made */
export async function temporaryFolder(t: ExecutionContext, parent = tmpdir()): Promise<string> {
  const folder = await mkdtemp(join(parent, 'walt-test-'));
  t.teardown(async () => {
    await unmountBelow(folder);
    await rm(folder, { recursive: true, force: true });
  });
  return folder;
}

/** Lets go of the images of a store in a folder. */
export async function unmountBelow(folder: string): Promise<void> {
  const places = await mountPoints();
  for (const place of [...places].filter((each) => each.startsWith(`${folder}/`)).reverse()) {
    await runProgram('umount', ['--lazy', place]);
  }
}
