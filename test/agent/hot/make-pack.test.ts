import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
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
  await chmod(join(root, 'root'), 0o700);
  await chmod(join(root, 'srv/listed'), 0o744);
  await chmod(folder, 0o755);
  await chmod(join(path, '..'), 0o777);
  const source = JSON.stringify(join(import.meta.dirname, '../../../agent/hot/make-pack.ts'));
  const told = JSON.stringify({ root, path, files: ['etc/hello'] });
  const program = `const { makePack } = await import(${source}); await makePack(${told});`;
  const stranger = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];
  await succeed([...stranger, process.execPath, '--input-type=module', '--eval', program]);
  t.deepEqual(await namesIn(path), ['/etc', '/etc/hello', '/usr', '/usr/one']);
});

test('makePack() leaves all links out where there are very many, whatever they are called', async (t) => {
  const { root, path } = await rootWith(t, { 'usr/one': 'two' });
  await succeed(['perl', '-e', 'symlink "x", "$ARGV[0]/usr/\xff$_" or die for 1 .. 20_000', root]);
  await makePack({ root, files: ['etc/hello'], path });
  t.deepEqual(await namesIn(path), ['/etc', '/etc/hello']);
});
