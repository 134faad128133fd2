// An image whose base is here already: made of it, it is the same as unpacked from nothing, and the base stays as it was.
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { ImageError } from '../../../../agent/errors.ts';
import type { ImageStore } from '../../../../agent/images/intake/image-store.ts';
import { runProgram } from '../../../../lab/programs/run-program.ts';
import { openImageStore } from '../../../support/images/image-store.ts';
import { attribute, BOOTABLE, type Entry, makeLayout, tar } from '../../../support/images/tar.ts';
import { PARAMS_TEMPLATE } from '../../../support/images/walt-style-image.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const SPEC = '{ "templates": ["/etc/params", "/etc/changed"] }';
const folder = (path: string, more: Partial<Entry> = {}): Entry => ({ path, type: '5', ...more });
const file = (path: string, content: string, more: Partial<Entry> = {}): Entry => ({
  ...{ path, content },
  ...more,
});
const link = (path: string, target: string): Entry => ({ path, type: '2', target });
const hard = (path: string, target: string): Entry => ({ path, type: '1', target });

const BASE: readonly Entry[] = [
  ...BOOTABLE,
  file('kept', 'kept'),
  file('same-size', 'one'),
  file('gone', 'x'),
  folder('gone-folder/'),
  file('gone-folder/x', 'x'),
  folder('emptied/'),
  file('emptied/old', 'x'),
  folder('again/'),
  file('again/old', 'x'),
  file('file-to-folder', 'x'),
  folder('folder-to-file/'),
  file('folder-to-file/x', 'x'),
  folder('real/'),
  file('real/shared', 'shared'),
  link('link-to-folder', 'real'),
  link('through', 'real'),
  link('link-to-file', 'kept'),
  file('mode', 'mode', { mode: 0o644 }),
  file('first-name', 'linked'),
  hard('second-name', 'first-name'),
  file('alone', 'alone'),
  folder('owned/', { mode: 0o755 }),
  file('dev/null', '', { type: '3', device: [1, 3] }),
  file('bin/walt-init', 'of the image itself'),
  folder('etc/walt/'),
  file('etc/walt/image.spec', SPEC),
  file('etc/params', PARAMS_TEMPLATE, { mode: 0o640 }),
  file('etc/changed', 'old %(server_ip)s\n'),
  file('root/.ssh/authorized_keys', 'ssh-ed25519 BBBB alice\n'),
];

const TOPS: readonly (readonly Entry[])[] = [
  [
    file('same-size', 'two'),
    file('.wh.gone', ''),
    file('.wh.gone-folder', ''),
    file('emptied/.wh..wh..opq', ''),
    file('emptied/new', 'new'),
    file('.wh.again', ''),
    folder('file-to-folder/'),
    file('file-to-folder/inside', 'x'),
    file('folder-to-file', 'x'),
    folder('link-to-folder/'),
    file('link-to-folder/own', 'own'),
    file('through/added', 'behind a link'),
    file('through/shared', 'behind a link too'),
    link('link-to-file', 'elsewhere'),
    file('mode', 'mode', { mode: 0o4755, owner: 1000 }),
    { ...hard('other-name', 'alone'), mode: 0o700, owner: 1000 },
    folder('owned/', { mode: 0o1777, owner: 70_007 }),
    attribute('user.origin', 'above'),
    file('attributed', 'x'),
    file('etc/changed', 'new %(server_ip)s\n'),
    file('bin/walt-init', 'of the image, changed'),
  ],
  [
    folder('again/'),
    file('again/new', 'new'),
    file('.wh.attributed-not', ''),
    file(Buffer.from('ä ö').toString('latin1'), 'named'),
  ],
];

/** Folders and files that the server writes: their times are those of the import. */
const MADE = /^[^|]*\|d|^(etc\/params|etc\/changed|bin\/walt-init|root\/.ssh\/authorized_keys)\|/;

/** Everything about every file. */
async function describe(root: string): Promise<string> {
  const list = ['-printf', '%P|%y|%m|%U:%G|%l|%n|%Ts\\n'];
  const { stdout } = await runProgram(['find', root, ...list]);
  const script = `cd "$0" && find . -type f -exec sha256sum {} + | sort -k2 && tar --sort=name --xattrs --xattrs-include='*' --pax-option=delete=atime,delete=ctime --mtime=@0 -cf - . | sha256sum`;
  const contents = await runProgram(['sh', '-c', script, root]);
  if (contents.code !== 0) throw new Error(contents.said);
  const lines = stdout
    .toString()
    .split('\n')
    .map((line) => (MADE.test(line) ? line.replace(/\d+$/, '') : line));
  return `${lines.toSorted().join('\n')}\n${contents.said}`;
}

const rootOf = (store: ImageStore, name: string) =>
  store.rootOf(store.keyOf(`${name}:latest`) ?? '');

/** Puts a script in the place of a program, until the test ends. */
async function replaceProgram(t: ExecutionContext, name: string, script: string): Promise<void> {
  const programs = await temporaryFolder(t);
  await writeFile(join(programs, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  const { PATH } = process.env;
  process.env.PATH = `${programs}:${PATH}`;
  t.teardown(() => {
    process.env.PATH = PATH;
  });
}

test.serial('an image made of its base is the same as one unpacked from nothing', async (t) => {
  const place = await temporaryFolder(t);
  const values = {
    templateValues: () => ({ server_ip: '192.0.2.1', server_mac: '02:00:00:00:00:01' }),
  };
  const base = await makeLayout(join(place, 'base'), [tar(BASE)]);
  const top = await makeLayout(join(place, 'top'), [tar(BASE), ...TOPS.map(tar)]);
  const one = await openImageStore(join(place, 'one'), values);
  const other = await openImageStore(join(place, 'other'), values);

  await one.store.import(base, { name: 'a/base', progress: one.progress });
  const before = await describe(rootOf(one.store, 'a/base'));
  const grown = await one.store.import(top, { name: 'a/top', progress: one.progress });
  t.deepEqual(
    one.steps.filter((step) => step.startsWith('unpacking')),
    ['unpacking', 'unpacking what it adds to a/base:latest'],
  );
  const fresh = await other.store.import(top, { name: 'a/top', progress: other.progress });
  t.is(grown.digest, fresh.digest);

  const inode = async (name: string, path: string) =>
    (await stat(join(rootOf(one.store, name), path))).ino;
  for (const path of ['kept', 'sbin/init', 'second-name']) {
    t.is(await inode('a/top', path), await inode('a/base', path), `${path} is stored once`);
  }
  t.not(await inode('a/top', 'same-size'), await inode('a/base', 'same-size'));
  await one.store.remove('a/base');
  await one.store.collect(() => []);
  const [left, right] = [rootOf(one.store, 'a/top'), rootOf(other.store, 'a/top')];
  t.is(await describe(left), await describe(right));
  const templates = (root: string) => readFile(join(root, '../templates.json'), 'utf8');
  t.is(await templates(left), await templates(right));
  t.regex(await describe(right), /^other-name\|f\|/m);
  t.true(before.length > 1000);
});

test.serial('what an image adds changes nothing in the image below', async (t) => {
  const place = await temporaryFolder(t);
  const { store, progress } = await openImageStore(place);
  const base = await makeLayout(join(place, 'base'), [tar(BASE)]);
  await store.import(base, { name: 'a/base', progress });
  const root = rootOf(store, 'a/base');
  const withoutCounts = async () => (await describe(root)).replaceAll(/\|\d+(?=\|\d*$)/gm, '');
  const before = await withoutCounts();
  const top = await makeLayout(join(place, 'top'), [tar(BASE), ...TOPS.map(tar)]);
  await store.import(top, { name: 'a/top', progress });
  t.is(await withoutCounts(), before);
});

test.serial('the image below is out of reach of whatever unpacks the layers on top', async (t) => {
  const place = await temporaryFolder(t);
  const { store, progress } = await openImageStore(place);
  const base = await makeLayout(join(place, 'base'), [tar(BASE)]);
  const top = await makeLayout(join(place, 'top'), [tar(BASE), ...TOPS.map(tar)]);
  await store.import(base, { name: 'a/base', progress });
  await replaceProgram(t, 'umoci', 'echo changed >> "$5/kept"; chmod 600 "$5/sbin/init"');
  await store.import(top, { name: 'a/top', progress });
  const contentOf = (name: string) => readFile(join(rootOf(store, name), 'kept'), 'utf8');
  t.deepEqual([await contentOf('a/base'), await contentOf('a/top')], ['kept', 'keptchanged\n']);
  const modeOf = async (name: string) => (await stat(join(rootOf(store, name), 'sbin/init'))).mode;
  t.deepEqual([await modeOf('a/base'), await modeOf('a/top')], [0o100755, 0o100600]);
});

test.serial(
  'where no overlay can be mounted images are unpacked whole, and that is said once',
  async (t) => {
    const place = await temporaryFolder(t);
    const { store, progress, steps, notes } = await openImageStore(place);
    const layouts: [string, typeof TOPS][] = [
      ['a/top', TOPS],
      ['a/other', TOPS.slice(0, 1)],
    ];
    const make = (name: string, more: typeof TOPS) =>
      makeLayout(join(place, 'made', name), [tar(BASE), ...more.map(tar)]);
    await store.import(await make('base', []), { name: 'a/base', progress });
    await replaceProgram(t, 'unshare', 'echo "cannot mount below $6" >&2; exit 1');
    for (const [name, more] of layouts) {
      steps.length = 0;
      await store.import(await make(name, more), { name, progress });
      t.deepEqual(
        steps.filter((step) => step.startsWith('unpacking')),
        ['unpacking what it adds to a/base:latest', 'unpacking'],
      );
    }
    const [note, ...others] = notes.filter(({ text }) => text.includes('whole'));
    t.is(note?.image, 'a/top:latest');
    t.regex(note?.text ?? '', /takes longer: unshare --mount failed \(1\): cannot mount below …/);
    t.deepEqual(others, []);
  },
);

test.serial('a program that fails over an image is not all that a person reads', async (t) => {
  const place = await temporaryFolder(t);
  const { store, progress } = await openImageStore(place);
  const base = await makeLayout(join(place, 'base'), [tar(BASE)]);
  await replaceProgram(t, 'umoci', 'echo "a tool speaks" >&2; exit 1');
  await t.throwsAsync(store.import(base, { name: 'a/base', progress }), {
    instanceOf: ImageError,
    message: /^Cannot use image a\/base:latest: its layers cannot be unpacked: a tool speaks/,
  });
});
