import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { makeNeighbourRoom, placesFor } from '../../../../agent/net/interface/neighbour-room.ts';
import { parseCidr } from '../../../../agent/protocol/ip.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const LARGE = parseCidr('10.66.255.254/16');
const NAMES = ['gc_thresh1', 'gc_thresh2', 'gc_thresh3'] as const;
/** Those that Linux begins with. */
const USUAL = [128, 512, 1024];

async function kernelWith(t: ExecutionContext, places: readonly number[]) {
  const folder = await temporaryFolder(t);
  for (const [at, name] of NAMES.entries()) await writeFile(join(folder, name), `${places[at]}\n`);
  const now = () =>
    Promise.all(NAMES.map(async (name) => Number(await readFile(join(folder, name), 'utf8'))));
  return { folder, now };
}

test('placesFor() has room for each machine of a network, up to a bound', (t) => {
  t.deepEqual(placesFor(parseCidr('10.0.0.1/20')), {
    gc_thresh1: 1024,
    gc_thresh2: 4094,
    gc_thresh3: 8188,
  });
  t.is(placesFor(parseCidr('10.0.0.1/8')).gc_thresh3, 65_536);
});

test('makeNeighbourRoom() raises what is too low for the network', async (t) => {
  const { folder, now } = await kernelWith(t, USUAL);
  t.is(await makeNeighbourRoom(LARGE, folder), undefined);
  t.deepEqual(await now(), [8192, 32_768, 65_536]);
});

test('makeNeighbourRoom() lowers nothing', async (t) => {
  const { folder, now } = await kernelWith(t, [128, 99_999, 1024]);
  await makeNeighbourRoom(LARGE, folder);
  t.deepEqual(await now(), [8192, 99_999, 65_536]);
  await makeNeighbourRoom(parseCidr('192.168.152.1/24'), folder);
  t.deepEqual(await now(), [8192, 99_999, 65_536]);
});

test('makeNeighbourRoom() says what to do where the kernel does not let it', async (t) => {
  const folder = await temporaryFolder(t);
  await mkdir(join(folder, 'gc_thresh3'));
  const said = await makeNeighbourRoom(LARGE, folder);
  t.regex(said ?? '', /^The kernel may forget machines where many are on, /);
  t.regex(said ?? '', /As root: sysctl -w net\.ipv4\.neigh\.default\.gc_thresh3=65536 /);
});

test('makeNeighbourRoom() does nothing in another network than that of the machine', async (t) => {
  t.is(await makeNeighbourRoom(LARGE, join(await temporaryFolder(t), 'none')), undefined);
});
