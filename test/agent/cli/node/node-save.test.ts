// `walt node save` on nodes that run the default image over a real overlayfs.
import { lstat, readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { succeed } from '../../../../lab/programs/run-program.ts';
import { accessLab } from './access-lab.ts';

const CHANGES = `set -e
rm /etc/debian_version
rm -r /usr/share/doc && mkdir /usr/share/doc && echo only > '/usr/share/doc/my
own file'
rm -r /usr/share/man && ln -s /nowhere /usr/share/man
echo mine > /root/notes && ln /root/notes /root/again
dd if=/dev/urandom of=/root/random bs=1000 count=1100 2> /dev/null
mkfifo -m 600 /root/pipe
mkdir -m 1775 '/srv/my folder' && chown 1000:50 '/srv/my folder'
touch -d '2020-01-02 03:04:05.678901234' /srv/old
echo no > /tmp/no; echo no > /run/no; echo no > /var/log/no; echo no > /etc/machine-id; echo no > /etc/hostname
mkdir -p /persist && echo no > /persist/no
`;

test('walt node save makes one layer of what changed on a node', async (t) => {
  const { node, platform } = await accessLab(t);
  const { walt, images } = platform;
  const running = await node('pc-1');
  await running.run(CHANGES);
  // setfattr is no program of the image: that of this machine works in the node's file system.
  const value = '0x0100000200200000000000000000000000000000';
  const program = ['setfattr', '-n', 'security.capability', '-v', value];
  await succeed([...program, `/proc/${running.pid}/root/root/random`]);
  const { code, out, err } = await walt('node', 'save', 'pc-1', 'mine');
  t.is(code, 0, err);
  t.regex(out, /^Image alice\/mine:latest is ready for pc-x86-64 \(\d+ MB\)\.\n$/);
  t.regex(err, /\d+ files and folders of pc-1 are new or changed, \d+ were removed/);

  const at = (path: string) => join(images.rootOf(images.keyOf('alice/mine:latest') ?? ''), path);
  const missing = async (path: string) =>
    (await lstat(at(path)).catch(() => undefined)) === undefined;
  t.true(await missing('etc/debian_version'));
  t.deepEqual(await readdir(at('usr/share/doc')), ['my\nown file'], 'what was below is hidden');
  t.is(await readlink(at('usr/share/man')), '/nowhere');
  t.is(await readFile(at('root/again'), 'utf8'), 'mine\n');
  t.is((await lstat(at('root/notes'))).ino, (await lstat(at('root/again'))).ino);
  const random = (await succeed(['sha256sum', at('root/random')])).stdout.toString().split(' ')[0];
  t.is((await running.run('sha256sum /root/random')).split(' ')[0], random);
  t.true((await lstat(at('root/pipe'))).isFIFO());
  const folder = await lstat(at('srv/my folder'));
  t.deepEqual([folder.mode & 0o7777, folder.uid, folder.gid], [0o1775, 1000, 50]);
  const [, nanoseconds] = String((await lstat(at('srv/old'), { bigint: true })).mtimeNs).split(
    /(?=\d{9}$)/,
  );
  t.is(nanoseconds, '678901234');
  const shown = await succeed([
    'getfattr',
    '--only-values',
    '-n',
    'security.capability',
    at('root/random'),
  ]);
  t.is(`0x${shown.stdout.toString('hex')}`, value);
  for (const path of [
    'tmp/no',
    'run/no',
    'var/log/no',
    'persist',
    'etc/ssh/ssh_host_ed25519_key',
  ]) {
    t.true(await missing(path), path);
  }
  for (const path of ['etc/machine-id', 'etc/hostname']) {
    t.notRegex(await readFile(at(path), 'utf8').catch(() => ''), /no/, path);
  }
  const before = images.byName('waltplatform/pc-x86-64-default:latest');
  const after = images.byName('alice/mine:latest');
  if (before === undefined || after === undefined) return t.fail('an image is missing');
  const [old, saved] = [await images.layersOf(before), await images.layersOf(after)];
  t.deepEqual(saved.slice(0, -1), old, 'the layers of the image stay');
  t.is(saved.length, old.length + 1);

  const taken = await walt('node', 'save', 'pc-1', 'mine');
  t.deepEqual([taken.code, taken.out], [1, '']);
  t.regex(
    taken.err,
    /^There is an image 'mine:latest' already\. Choose another name, or add --force/,
  );
  const again = JSON.parse((await walt('node', 'save', 'pc-1', 'mine', '--force', '--json')).out);
  t.is(again.name, 'alice/mine:latest');
});

test('walt node save says why there is nothing to save', async (t) => {
  const { node, platform } = await accessLab(t);
  const { walt } = platform;
  const first = await node('pc-1');
  const refused = async (name: string, expected: RegExp) => {
    const { code, out, err } = await walt('node', 'save', name, 'never');
    t.deepEqual([code, out], [1, '']);
    t.regex(err, expected);
  };
  await first.run('mv /usr/bin/tar /usr/bin/no-tar');
  await refused('pc-1', /its image has no GNU tar/);
  await first.run('mv /usr/bin/no-tar /usr/bin/tar; touch /root/.wh.it');
  await refused('pc-1', /Cannot save \/root\/\.wh\.it: in a layer of an image such a name says/);
  await first.run('umount /run/walt/changes');
  await refused('pc-1', /Cannot save pc-1: its system does not show what changed there/);
  await first.stop();
  await refused('pc-1', /Cannot enter pc-1: no ssh server answers/);
  await refused('ghost', /^No device with name 'ghost' found/);
  const { images } = JSON.parse((await walt('image', 'show', '--json')).out);
  t.deepEqual(images, []);
});
