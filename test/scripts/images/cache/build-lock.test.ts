import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { withBuildLock } from '../../../../scripts/images/cache/build-lock.ts';

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

test('withBuildLock() gives the lock to one of many who come in quick succession', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'walt-lock-'));
  t.teardown(() => rm(folder, { recursive: true }));
  const contend = async (turns: number) => {
    for (let turn = 0; turn < turns; turn += 1) await nextTurn();
    await withBuildLock(folder, {
      onWait() {
        throw new Error('has to wait');
      },
      work: () => sleep(500),
    });
  };
  const ends = await Promise.allSettled(Array.from({ length: 50 }, (_, turns) => contend(turns)));
  const refused = ends.filter((end) => end.status === 'rejected').map(({ reason }) => reason);
  t.deepEqual([...new Set(refused.map(String))], ['Error: has to wait']);
  t.is(refused.length, 49);
  t.deepEqual(await readdir(folder), []);
});

test('withBuildLock() lets builds of different names work at once', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'walt-lock-'));
  t.teardown(() => rm(folder, { recursive: true }));
  const onWait = () => t.fail('has to wait');
  await withBuildLock(folder, {
    ...{ name: 'one', onWait },
    work: () => withBuildLock(folder, { name: 'two', onWait, work: async () => t.pass() }),
  });
  t.deepEqual(await readdir(folder), []);
});
