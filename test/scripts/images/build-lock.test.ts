import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { withBuildLock } from '../../../scripts/images/build-lock.ts';

test('withBuildLock() lets one build work at a time, and takes the lock of a dead one', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'walt-lock-'));
  let working = 0;
  const waited: number[] = [];
  const build = () =>
    withBuildLock(folder, {
      onWait: (pid) => waited.push(pid),
      async work() {
        working += 1;
        t.is(working, 1);
        await sleep(100);
        working -= 1;
      },
    });
  try {
    // No process has this number: it is above the kernel's limit.
    await writeFile(join(folder, 'lock'), '99999999');
    await build();
    const first = build();
    const second = build();
    await Promise.all([first, second]);
    t.deepEqual(waited, [process.pid]);
    t.deepEqual(await readdir(folder), []);
  } finally {
    await rm(folder, { recursive: true });
  }
});
