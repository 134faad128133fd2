import { chmod, link, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { ImageError } from '../../../../../agent/errors.ts';
import { fillTemplates } from '../../../../../agent/images/content/templates/fill.ts';
import { temporaryFolder } from '../../../../support/temporary-folder.ts';

const values = { server_ip: '192.168.152.1' };
const digest = `sha256:${'a'.repeat(64)}`;

async function root(t: ExecutionContext, files: Readonly<Record<string, string>>) {
  const rootfs = join(await temporaryFolder(t), 'fs');
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(rootfs, path)), { recursive: true });
    await writeFile(join(rootfs, path), content);
  }
  const read = (path: string) => readFile(join(rootfs, path), 'utf8');
  const fill = (originals = {}) => fillTemplates(rootfs, { digest, values, originals });
  return { rootfs, read, fill };
}

const spec = (...templates: string[]) => ({ 'etc/walt/image.spec': JSON.stringify({ templates }) });

test('fillTemplates() writes a file anew, so that who shares it keeps what they have', async (t) => {
  const { rootfs, read, fill } = await root(t, { ...spec('/etc/ntp'), 'etc/ntp': '%(server_ip)s' });
  const shared = join(dirname(rootfs), 'shared');
  await chmod(join(rootfs, 'etc/ntp'), 0o6750);
  await link(join(rootfs, 'etc/ntp'), shared);
  t.deepEqual((await fill()).notes, []);
  t.is(await read('etc/ntp'), '192.168.152.1');
  t.is(await readFile(shared, 'utf8'), '%(server_ip)s');
  t.is((await stat(join(rootfs, 'etc/ntp'))).mode & 0o7777, 0o6750);
  t.deepEqual(await readdir(join(rootfs, 'etc')), ['ntp', 'walt']);
});

test('fillTemplates() follows links inside the image, and fills a file with two names once', async (t) => {
  const files = { ...spec('/etc/link', '/real'), real: '%%%% %(walt_image_id)s' };
  const { rootfs, read, fill } = await root(t, files);
  await symlink('/real', join(rootfs, 'etc/link'));
  const { originals } = await fill();
  t.is(await read('real'), `%% ${'a'.repeat(64)}`);
  t.deepEqual(originals, { real: Buffer.from(files.real).toString('base64') });
});

test('fillTemplates() starts from the original where that is known', async (t) => {
  const { read, fill } = await root(t, { ...spec('/a'), a: 'server 10.0.0.1' });
  const originals = { a: Buffer.from('server %(server_ip)s').toString('base64') };
  t.deepEqual((await fill(originals)).originals, originals);
  t.is(await read('a'), 'server 192.168.152.1');
});

test('fillTemplates() tells the size of the image', async (t) => {
  const content = '%(walt_image_size_kib)s'.padEnd(300_000);
  const { read, fill } = await root(t, { ...spec('/a'), a: content });
  await fill();
  const kib = Number((await read('a')).trim());
  t.true(kib >= 290 && kib < 400, String(kib));
});

test('fillTemplates() names what it cannot fill, and fills the rest', async (t) => {
  const files = {
    ...spec('/none', '/etc', '/large', '/a'),
    a: '%(what)s %(server_ip)s',
    large: ' '.repeat(2 ** 20 + 1),
  };
  const { read, fill } = await root(t, files);
  const { notes } = await fill();
  t.is(await read('a'), '%(what)s 192.168.152.1');
  t.true(notes.every(({ kind }) => kind === 'warning'));
  const said = notes.map(({ text }) => text).join('\n');
  for (const path of ['/none', '/etc', '/large']) {
    t.true(said.includes(`names template ${path}, which is no file`), said);
  }
  t.regex(said, /template \/a asks for %\(what\)s, which is not known .*known: server_ip/);
});

test('fillTemplates() passes over a spec that it cannot read, with a reason', async (t) => {
  const { read, fill } = await root(t, { 'etc/walt/image.spec': '{"templates": [', a: '%%' });
  const [note, ...others] = (await fill()).notes;
  t.like(note, { kind: 'warning' });
  t.regex(note?.text ?? '', /\/etc\/walt\/image\.spec is passed over: .*line 1/);
  t.deepEqual(others, []);
  t.is(await read('a'), '%%');
});

test('fillTemplates() leaves features alone', async (t) => {
  const text = '{"features": {"nbfs": "/bin/false"}}';
  const { fill } = await root(t, { 'etc/walt/image.spec': text });
  const { notes } = await fill();
  t.is(notes.length, 1);
  t.is(notes[0]?.kind, 'ignored');
  t.regex(notes[0]?.text ?? '', /feature nbfs/);
});

for (const [what, template, target] of [
  ['a path that climbs', '/../../victim', undefined],
  ['a path that climbs later', '/etc/../../victim', undefined],
  ['a link that climbs', '/etc/link', '../../victim'],
  ['a link in a circle', '/etc/link', 'link'],
] as const) {
  test(`fillTemplates() refuses ${what}`, async (t) => {
    const { rootfs, fill } = await root(t, spec(template));
    const victim = join(dirname(rootfs), 'victim');
    await writeFile(victim, '%(server_ip)s');
    if (target !== undefined) await symlink(target, join(rootfs, 'etc/link'));
    const error = await t.throwsAsync(fill(), { instanceOf: ImageError });
    t.true(error?.message.includes(template), error?.message);
    t.is(await readFile(victim, 'utf8'), '%(server_ip)s');
  });
}

test('fillTemplates() takes an absolute link for one from the root of the image', async (t) => {
  const { rootfs, read, fill } = await root(t, { ...spec('/etc/link'), 'etc/x': '%(server_ip)s' });
  const outside = join(dirname(rootfs), 'x');
  await writeFile(outside, '%(server_ip)s');
  await symlink('/etc/x', join(rootfs, 'etc/link'));
  await fill();
  t.is(await read('etc/x'), '192.168.152.1');
  t.is(await readFile(outside, 'utf8'), '%(server_ip)s');
});
