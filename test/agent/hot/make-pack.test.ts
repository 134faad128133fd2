import { chmod, link, mkdir, readdir, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { makePack } from '../../../agent/hot/make-pack.ts';
import { succeed } from '../../../lab/programs/run-program.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** A root with a file, and a place for packs. */
async function rootWith(t: ExecutionContext, links: Readonly<Record<string, string>>) {
  const folder = await temporaryFolder(t);
  // A pattern, for whoever takes it for one.
  const root = join(folder, 'r[o]ot');
  await mkdir(join(root, 'etc'), { recursive: true });
  await writeFile(join(root, 'etc/hello'), 'hello');
  for (const [name, target] of Object.entries(links)) {
    await mkdir(join(root, name, '..'), { recursive: true });
    await symlink(target, join(root, name));
  }
  const packs = join(folder, 'packs');
  await mkdir(packs);
  return { folder, root, path: join(packs, 'pc.squashfs') };
}

/** Paths in a pack. */
async function namesIn(pack: string): Promise<string[]> {
  const { stdout } = await succeed(['unsquashfs', '-l', '-d', '', pack]);
  return stdout.toString().split('\n').filter(Boolean);
}

test('makePack() leaves links out which this process may not read', async (t) => {
  const links = {
    'usr/one': 'two',
    'root/secret': 'x',
    'srv/listed/link': 'x',
    'boot/kernel': 'x',
  };
  const { folder, root, path } = await rootWith(t, links);
  await writeFile(join(root, 'etc/shadow'), 'secret', { mode: 0o600 });
  await mkdir(join(root, 'etc/empty'));
  await chmod(join(root, 'root'), 0o700);
  await chmod(join(root, 'srv/listed'), 0o744);
  await chmod(folder, 0o755);
  await chmod(join(path, '..'), 0o777);
  const source = JSON.stringify(join(import.meta.dirname, '../../../agent/hot/make-pack.ts'));
  const told = JSON.stringify({ root, path, files: ['etc/hello'] });
  const program = `const { makePack } = await import(${source}); await makePack(${told});`;
  const stranger = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];
  await succeed([...stranger, process.execPath, '--input-type=module', '--eval', program]);
  // The folders that it may not read all of are not whole; this one is.
  const empty = ['/etc/empty', '/etc/hello'];
  t.deepEqual(await namesIn(path), ['/etc', ...empty, '/usr', '/usr/one']);
  const seen = await laidOver(t, path, {
    'etc/later': 'x',
    'etc/empty/later': 'x',
    'root/later': 'x',
  });
  t.deepEqual(seen, [
    'etc',
    'etc/empty',
    'etc/hello',
    'etc/later',
    'root',
    'root/later',
    'usr',
    'usr/one',
  ]);
});

test('makePack() has folders of which little is missing as a whole: below them a node looks for nothing', async (t) => {
  const { root, path } = await rootWith(t, { 'etc/wants/link': '../hello' });
  await mkdir(join(root, 'usr/local/bin'), { recursive: true });
  await mkdir(join(root, 'usr/bin'));
  await writeFile(join(root, 'etc/cold ü\n\\n'), 'cold', { mode: 0o600 });
  await writeFile(join(root, 'usr/bin/hot'), 'hot');
  await writeFile(join(root, 'usr/bin/large'), 'x'.repeat(2 ** 20 + 1));
  await link(join(root, 'usr/bin/hot'), join(root, 'etc/hot'));
  await makePack({ root, files: ['etc/hello', 'usr/bin/hot'], path });
  const later = { 'etc/later': 'x', 'usr/local/bin/later': 'x', 'usr/bin/later': 'x', later: 'x' };
  t.deepEqual(await laidOver(t, path, later), [
    ...['etc', 'etc/cold ü\n\\n', 'etc/hello', 'etc/hot', 'etc/wants', 'etc/wants/link'],
    ...['later', 'usr', 'usr/bin', 'usr/bin/hot', 'usr/bin/later', 'usr/local', 'usr/local/bin'],
  ]);
});

test('makePack() leaves to NFS what has a time that squashfs has not, and makes a pack of the rest', async (t) => {
  const { root, path } = await rootWith(t, { 'etc/wants/link': '../hello', 'srv/link': 'x' });
  for (const name of ['cold', 'early', 'late']) await writeFile(join(root, 'etc', name), name);
  await utimes(join(root, 'etc/early'), new Date('1960'), new Date('1960'));
  await utimes(join(root, 'etc/late'), new Date('2400'), new Date('2400'));
  await utimes(join(root, 'etc/hello'), 1.5, 1.5);
  await makePack({ root, files: ['etc/early', 'etc/hello'], path });
  const seen = await laidOver(t, path, { 'etc/early': 'x', 'etc/wants/later': 'x' });
  const wants = ['etc/wants', 'etc/wants/link'];
  t.deepEqual(seen, ['etc', 'etc/early', 'etc/hello', ...wants, 'srv', 'srv/link']);
  const { stdout } = await succeed(['unsquashfs', '-l', '-d', '', path]);
  t.false(stdout.toString().includes('early'));
});

/** What a node sees that lays the pack over files which the image has not: these stand for all that it would ask for over NFS. */
async function laidOver(
  t: ExecutionContext,
  pack: string,
  files: Readonly<Record<string, string>>,
) {
  const folder = await temporaryFolder(t);
  const [hot, image, seen] = ['hot', 'image', 'seen'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  await Promise.all([hot, image, seen].map((name) => mkdir(name)));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(join(image, name, '..'), { recursive: true });
    await writeFile(join(image, name), text);
  }
  await succeed(['mount', '-o', 'loop,ro', pack, hot]);
  t.teardown(() => succeed(['umount', hot]));
  await succeed(['mount', '-t', 'overlay', '-o', `lowerdir=${hot}:${image}`, 'none', seen]);
  t.teardown(() => succeed(['umount', seen]));
  return (await readdir(seen, { recursive: true })).toSorted();
}

test('makePack() leaves all links out where there are very many', async (t) => {
  const { root, path } = await rootWith(t, { 'usr/one': 'two' });
  await succeed(['perl', '-e', 'symlink "x", "$ARGV[0]/usr/$_" or die for 1 .. 20_000', root]);
  await makePack({ root, files: ['etc/hello'], path });
  t.deepEqual(await namesIn(path), ['/etc', '/etc/hello']);
});

test('makePack() leaves to NFS what no pack can have in an image of very many names, too', async (t) => {
  const { root, path } = await rootWith(t, {});
  await mkdir(join(root, 'many'));
  const fill = 'for (1 .. 100_001) { open my $file, ">", "$ARGV[0]/many/$_" or die }';
  await succeed(['perl', '-e', fill, root], { seconds: 60 });
  await mkdir(join(root, 'late'));
  for (const name of ['etc/late', 'etc/early', 'late/inside'])
    await writeFile(join(root, name), 'x');
  await utimes(join(root, 'etc/early'), new Date('1960'), new Date('1960'));
  for (const name of ['etc/late', 'late']) await utimes(join(root, name), 2 ** 33, 2 ** 33);
  await writeFile(Buffer.concat([Buffer.from(join(root, 'etc/bad')), Buffer.of(0xff)]), 'x');
  const read = ['etc/bad\ufffd', 'etc/early', 'etc/hello', 'etc/late', 'late/inside', 'many/1'];
  await makePack({ root, files: read, path });
  t.deepEqual(await namesIn(path), ['/etc', '/etc/hello', '/many', '/many/1']);
});
