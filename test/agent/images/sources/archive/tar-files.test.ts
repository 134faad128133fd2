// Tar archives of V7, ustar, pax and GNU tar, made by GNU tar where it can and byte by byte where not.
import { mkdir, readFile, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { readPlace } from '../../../../../agent/images/sources/archive/archive-files.ts';
import { openTar } from '../../../../../agent/images/sources/archive/tar-files.ts';
import { succeed } from '../../../../../lab/programs/run-program.ts';
import { type Entry, tar } from '../../../../support/images/tar.ts';
import { temporaryFolder } from '../../../../support/temporary-folder.ts';

const LONG = `${'folder-'.repeat(20)}/${'file-'.repeat(25)}`;

async function open(t: ExecutionContext, bytes: Uint8Array) {
  const path = join(await temporaryFolder(t), 'archive.tar');
  await writeFile(path, bytes);
  const files = await openTar(path);
  return async (name: string) => {
    const place = await files.find(name);
    return place && Buffer.from(await readPlace(place, 1000)).toString();
  };
}

for (const format of ['v7', 'oldgnu', 'gnu', 'ustar', 'posix']) {
  test(`openTar() reads what GNU tar writes in format ${format}`, async (t) => {
    const folder = await temporaryFolder(t);
    const names = format === 'v7' ? ['short'] : ['short', format === 'ustar' ? 'x/y' : LONG];
    for (const name of names) {
      await mkdir(join(folder, name, '..'), { recursive: true });
      await writeFile(join(folder, name), name);
    }
    await symlink('short', join(folder, 'link'));
    const path = join(folder, '..', `${folder.split('/').at(-1)}.${format}.tar`);
    await succeed(['tar', `--format=${format}`, '-cf', path, '-C', folder, '.']);
    const bytes = await readFile(path);
    await succeed(['rm', path]);
    const read = await open(t, bytes);
    for (const name of [...names, 'link']) {
      t.is(await read(name), name === 'link' ? 'short' : name, name);
    }
    t.is(await read('none'), undefined);
    t.is(await read('.'), undefined);
  });
}

test('openTar() reads sizes and names of pax headers, and the last of two members', async (t) => {
  const pax = (text: string): Entry => ({ path: 'head', type: 'x', content: text });
  const read = await open(
    t,
    tar([
      { path: 'twice', content: 'first' },
      { path: 'head', type: 'g', content: '15 path=global\n' },
      pax('16 path=renamed\n'),
      { path: 'plain', content: 'content' },
      { path: './twice', content: 'second' },
      { path: '/top', content: 'from the top' },
    ]),
  );
  t.is(await read('renamed'), 'content');
  t.is(await read('plain'), undefined);
  t.is(await read('twice'), 'second');
  t.is(await read('top'), 'from the top');
});

test('openTar() follows links inside the archive alone', async (t) => {
  const link = (path: string, target: string, type = '2'): Entry => ({ path, type, target });
  const read = await open(
    t,
    tar([
      { path: 'a/layer.tar', content: 'layer' },
      link('b/layer.tar', '../a/layer.tar'),
      link('c', 'b/layer.tar'),
      link('hard', 'a/layer.tar', '1'),
      link('out', '../../etc/hostname'),
      link('absolute', '/etc/hostname'),
      link('circle', 'circle'),
    ]),
  );
  for (const name of ['b/layer.tar', 'c', 'hard', 'b/../c']) t.is(await read(name), 'layer', name);
  for (const name of ['out', 'absolute', 'circle', '../archive.tar']) {
    t.is(await read(name), undefined, name);
  }
});

test('openTar() reads heads only: a large member takes no time and no memory', async (t) => {
  const size = 8 * 2 ** 30;
  const path = join(await temporaryFolder(t), 'large.tar');
  // Octal has no room for it: GNU tar writes it in binary.
  const header = tar([{ path: 'large', content: '' }]).subarray(0, 512);
  header.writeUInt8(0x80, 124);
  header.fill(0, 125, 136);
  header.writeBigUInt64BE(BigInt(size), 128);
  header.write(' '.repeat(8), 148, 'latin1');
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  await writeFile(path, header);
  await truncate(path, 512 + size);
  t.like(await (await openTar(path)).find('large'), { offset: 512, length: size });
});

test('openTar() reads every truncation of an archive or refuses it', async (t) => {
  const whole = tar([
    { path: 'head', type: 'x', content: '16 path=renamed\n' },
    { path: 'a', content: 'content' },
  ]);
  const path = join(await temporaryFolder(t), 'cut.tar');
  for (let length = 0; length < whole.length; length += 37) {
    await writeFile(path, whole.subarray(0, length));
    await openTar(path).then(
      () => t.true(length === 0 || length >= 512 * 3 + 7, String(length)),
      (thrown: Error) => t.is(thrown.name, 'TarError', String(length)),
    );
  }
});

for (const [title, entries, message] of [
  [
    'a name without end',
    [{ path: 'x', type: 'L', content: Buffer.alloc(2 << 20, 'a') }],
    /has 2097152 bytes/,
  ],
  [
    'a damaged pax header',
    [{ path: 'x', type: 'x', content: '99 path=a\n' }],
    /pax header is damaged/,
  ],
  [
    'a size that is none',
    [{ path: 'x', type: 'x', content: '10 size=x\n' }, { path: 'a' }],
    /size is no number/,
  ],
  ['more content than it has', [{ path: 'a', content: 'x', size: 1e9 }], /ends too early/],
] as const) {
  test(`openTar() refuses ${title}`, async (t) => {
    await t.throwsAsync(open(t, tar(entries)), { name: 'TarError', message });
  });
}
