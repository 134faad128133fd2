// What callers send: whole and as it was, or nothing of it stays. Disks are real ones.
import { spawn } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { mkdir, readdir, readFile, readlink, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import test, { type ExecutionContext } from 'ava';
import { RequestError } from '../../../../agent/errors.ts';
import { Uploads } from '../../../../agent/images/uploads/uploads.ts';
import { succeed } from '../../../../lab/programs/run-program.ts';
import { loopDisk } from '../../../support/disks/loop-disk.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const { signal } = new AbortController();
const ALICE = { user: 'alice', signal } as const;

function uploadsIn(folder: string): Uploads {
  return new Uploads({ folder, most: 8, now: () => performance.now() });
}

async function tarOf(folder: string, ...args: string[]): Promise<Readable> {
  const { stdout } = await succeed(['tar', '--create', '--directory', folder, ...args]);
  return Readable.from([stdout]);
}

async function refused(
  t: ExecutionContext,
  taking: Promise<unknown>,
  expected: { readonly status: RequestError['status']; readonly message: RegExp },
) {
  const error = await t.throwsAsync(taking, {
    instanceOf: RequestError,
    message: expected.message,
  });
  t.is(error?.status, expected.status);
}

test('a file and a folder come as they were, for one user and one use', async (t) => {
  const folder = await temporaryFolder(t);
  const uploads = uploadsIn(join(folder, 'uploads'));
  const bytes = Readable.from([Buffer.from('one '), Buffer.from('two')]);
  const file = await uploads.take({ ...ALICE, form: 'file', name: 'a b.tar', bytes });
  t.throws(() => uploads.hold(file, 'bob'), { instanceOf: RequestError });
  t.throws(() => uploads.hold('none', 'alice'), { instanceOf: RequestError });
  const held = uploads.hold(file, 'alice');
  t.is(await readFile(held.path, 'utf8'), 'one two');
  await held.release({ isKept: true });
  await uploads.hold(file, 'alice').release();
  t.throws(() => uploads.hold(file, 'alice'), { instanceOf: RequestError });
  const made = join(folder, 'made');
  await mkdir(join(made, 'web/sub'), { recursive: true });
  await writeFile(join(made, 'web/sub/run'), 'x', { mode: 0o755 });
  await succeed(['ln', '-s', '/etc/shadow', join(made, 'web/link')]);
  const tar = await tarOf(made, './web');
  const id = await uploads.take({ ...ALICE, form: 'tar', name: 'web', bytes: tar });
  const { path } = uploads.hold(id, 'alice');
  t.is((await stat(join(path, 'sub/run'))).mode & 0o777, 0o755);
  t.is(await readlink(join(path, 'link')), '/etc/shadow');
});

test('what leads out, has more than it should, or is no tar leaves nothing', async (t) => {
  const folder = await temporaryFolder(t);
  const root = join(folder, 'uploads');
  const uploads = uploadsIn(root);
  const made = join(folder, 'made');
  await mkdir(join(made, 'in'), { recursive: true });
  for (const name of ['web', 'other', 'in/evil']) await writeFile(join(made, name), 'x');
  await succeed(['ln', '-s', folder, join(made, 'way')]);
  const take = (bytes: Readable) => uploads.take({ ...ALICE, form: 'tar', name: 'web', bytes });
  const status = 400 as const;
  const two = await tarOf(made, './web', './other');
  await refused(t, take(two), { status, message: /expected a tar of 'web' and nothing else/ });
  const up = await tarOf(made, '--absolute-names', '--transform', 's,web,../../evil,', './web');
  await refused(t, take(up), { status, message: /^Cannot take the upload: / });
  const args = ['--transform', 's,^in/evil$,way/evil,', 'way', 'in/evil'];
  await refused(t, take(await tarOf(made, ...args)), { status, message: /^Cannot take/ });
  await refused(t, take(Readable.from([Buffer.from('no tar')])), { status, message: /tar/ });
  t.deepEqual(await readdir(root), []);
  t.deepEqual((await readdir(folder)).toSorted(), ['made', 'uploads']);
});

test('what breaks off leaves nothing', async (t) => {
  const root = join(await temporaryFolder(t), 'uploads');
  const uploads = uploadsIn(root);
  async function* broken() {
    yield Buffer.alloc(100_000);
    throw new Error('aborted');
  }
  for (const form of ['file', 'tar'] as const) {
    const taking = uploads.take({ ...ALICE, form, name: 'x', bytes: broken() });
    await refused(t, taking, { status: 400, message: /it broke off/ });
  }
  t.deepEqual(await readdir(root), []);
});

test('a disk that is full is said so, and is as it was afterwards', async (t) => {
  const mounted = await temporaryFolder(t);
  const { device } = await loopDisk(t, { bytes: 340 * 2 ** 20 });
  await succeed(['mkfs.ext4', '-q', '-m', '0', device]);
  await succeed(['mount', device, mounted]);
  t.teardown(async () => void (await succeed(['umount', mounted])));
  const root = join(mounted, 'uploads');
  const uploads = uploadsIn(root);
  const made = await temporaryFolder(t);
  await succeed(['truncate', '--size', '300M', join(made, 'x')]);
  const sent = {
    file: () => createReadStream(join(made, 'x')),
    tar: () => spawn('tar', ['--create', '--directory', made, './x']).stdout,
  };
  for (const form of ['file', 'tar'] as const) {
    const taking = uploads.take({ ...ALICE, form, name: 'x', bytes: sent[form]() });
    await refused(t, taking, { status: 507, message: /the disk of the server is full.*image gc/ });
  }
  t.deepEqual(await readdir(root), []);
});
