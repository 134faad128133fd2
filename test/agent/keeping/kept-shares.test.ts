// With real disks: files with ext4, mounted by loop devices.
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { WaltError } from '../../../agent/errors.ts';
import { mountsOf } from '../../../agent/host/folders/mount-table.ts';
import { KeptShares } from '../../../agent/keeping/kept-shares.ts';
import { withShares } from '../../../agent/keeping/with-shares.ts';
import { nodeNamed } from '../../support/nodes/node-named.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const MAC = '52:54:00:00:00:01';
const BYTES = 16 * 2 ** 20;

test('KeptShares makes a disk for each owner and node, and finds it again', async (t) => {
  const folder = join(await temporaryFolder(t), 'persist');
  const shares = new KeptShares(folder, { bytes: BYTES });
  const [alice, again, bob] = await Promise.all(
    ['alice', 'alice', 'bob'].map((owner) => shares.open({ owner, mac: MAC })),
  );
  t.deepEqual(again, alice);
  t.not(bob?.path, alice?.path);
  t.not(bob?.uid, alice?.uid);
  const note = join(alice?.path ?? '', 'note');
  await writeFile(note, 'kept');
  t.is((await stat(alice?.path ?? '')).uid, alice?.uid ?? 0);
  const later = await new KeptShares(folder, { bytes: 2 * BYTES }).open({
    owner: 'alice',
    mac: MAC,
  });
  t.deepEqual(later, alice);
  t.is(await readFile(note, 'utf8'), 'kept');
  t.is((await stat(join(folder, 'alice', `${MAC}.disk`))).size, BYTES);
});

test('KeptShares removes what a device kept, of all owners, and nothing of others', async (t) => {
  const folder = join(await temporaryFolder(t), 'persist');
  const shares = new KeptShares(folder, { bytes: BYTES });
  await shares.remove(MAC);
  t.deepEqual(await shares.ownersOf(MAC), []);
  const other = await shares.open({ owner: 'alice', mac: '52:54:00:00:00:02' });
  for (const owner of ['alice', 'bob']) await shares.open({ owner, mac: MAC });
  t.deepEqual(await shares.ownersOf(MAC), ['alice', 'bob']);
  await shares.remove(MAC);
  t.deepEqual(await shares.ownersOf(MAC), []);
  t.deepEqual(await readdir(join(folder, 'bob')), []);
  const mounts = [...(await mountsOf('self')).keys()].filter((place) => place.startsWith(folder));
  t.deepEqual(mounts, [other.disk]);
});

test('KeptShares says why there is no disk, and leaves nothing of it', async (t) => {
  const folder = join(await temporaryFolder(t), 'persist');
  const shares = new KeptShares(folder, { bytes: 2 ** 60 });
  const error = await t.throwsAsync(shares.open({ owner: 'alice', mac: MAC }), {
    instanceOf: WaltError,
  });
  t.regex(error?.message ?? '', /Cannot make .*\.disk of \d+ bytes: .*(space|large)/i);
  t.deepEqual(await readdir(join(folder, 'alice')), [MAC]);
});

test('withShares() leaves a node its image where it cannot have a share', async (t) => {
  const node = nodeNamed('pc', { ip: '192.168.152.2' });
  const devices = [
    { ...node, settings: { 'mount.persist': 'true' } },
    { ...nodeNamed('other', { ip: '192.168.152.3' }) },
  ];
  const exports = devices.map(({ ip, mac }) => ({ ip, mac, imagePath: '/images/a/fs' }));
  const problems: string[] = [];
  const options = {
    deviceOf: (mac: string) => devices.find((device) => device.mac === mac),
    onProblem: (reason: unknown) => problems.push(String(reason)),
  };
  const share = { path: '/p/files', disk: '/p', uid: 7 };
  const [first, second] = await withShares(exports, {
    ...options,
    shares: { open: async () => share },
  });
  t.deepEqual([first?.share, second?.share], [share, undefined]);
  const full = { open: () => Promise.reject(new Error('the disk is full')) };
  t.deepEqual(await withShares(exports, { ...options, shares: full }), exports);
  t.deepEqual(problems, ['Error: the disk is full']);
});
