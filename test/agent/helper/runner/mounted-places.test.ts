// With real mounts, in a state folder that is a user's.
import { chown, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { requireMounted, sortMounted } from '../../../../agent/helper/runner/mounted-places.ts';
import { runProgram } from '../../../../agent/host/processes/program.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const MAC = '52:54:00:00:00:11';

/** Of `images`, `one` is mounted; of `persist`, `alice`. */
async function stateOf(t: ExecutionContext, uid: number) {
  const state = await temporaryFolder(t);
  await chown(state, uid, uid);
  const placeOf = async (path: string, { isMounted }: { readonly isMounted: boolean }) => {
    const place = join(state, path);
    await mkdir(place, { recursive: true });
    if (!isMounted) return place;
    await runProgram('mount', ['-t', 'tmpfs', 'tmpfs', place]);
    t.teardown(() => runProgram('umount', [place]));
    return place;
  };
  const one = await placeOf('images/one/fs', { isMounted: true });
  const two = await placeOf('images/two/fs', { isMounted: false });
  const alice = await placeOf('persist/alice', { isMounted: true });
  const bob = await placeOf('persist/bob', { isMounted: false });
  const exportOf = (ip: string, imagePath: string, disk: string) => ({
    ...{ ip, mac: MAC, imagePath },
    share: { disk, path: join(disk, 'files'), uid: 1000 },
  });
  const exports = [exportOf('10.0.0.1', one, alice), exportOf('10.0.0.2', one, bob)];
  return { state, one, two, bob, exports: [...exports, exportOf('10.0.0.3', two, alice)] };
}

test('sortMounted() lets a server that is a user of its own export mounts alone', async (t) => {
  const { state, two, bob, exports } = await stateOf(t, 47_001);
  const { mounted, refused } = await sortMounted(state, exports);
  t.deepEqual(mounted, exports.slice(0, 1));
  t.deepEqual(refused, [
    `Cannot export ${bob} to 10.0.0.2: nothing is mounted there`,
    `Cannot export ${two} to 10.0.0.3: nothing is mounted there`,
  ]);
});

test('sortMounted() leaves what a server that is root exports as it is', async (t) => {
  const { state, exports } = await stateOf(t, 0);
  t.deepEqual(await sortMounted(state, exports), { mounted: exports, refused: [] });
});

test('requireMounted() refuses a plain folder of a server that is a user of its own', async (t) => {
  const { state, one, two } = await stateOf(t, 47_001);
  await t.notThrowsAsync(requireMounted(state, one));
  await t.throwsAsync(requireMounted(state, two), { message: /nothing is mounted there/ });
});
