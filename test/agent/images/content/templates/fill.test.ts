import test from 'ava';
import { ImageError } from '../../../../../agent/errors.ts';
import { fillTemplates } from '../../../../../agent/images/content/templates/fill.ts';
import { placeOf, putAt } from '../../../../../agent/images/content/tree/find.ts';
import {
  emptyFolder,
  type Folder,
  OWN_ATTRIBUTES,
  ownFile,
  type TreeNode,
} from '../../../../../agent/images/content/tree/image-tree.ts';
import { treeFiles } from '../../../../../agent/images/content/tree/tree-files.ts';

const values = { server_ip: '192.168.152.1' };
const digest = `sha256:${'a'.repeat(64)}`;

function put(root: Folder, path: string, node: TreeNode): void {
  const fail = (reason: string) => new Error(reason);
  placeOf(root, path, { fail, replace: () => false })?.folder.children.set(
    path.slice(path.lastIndexOf('/') + 1),
    node,
  );
}

function root(files: Readonly<Record<string, string>>) {
  const tree = emptyFolder();
  for (const [path, content] of Object.entries(files)) {
    put(tree, path, ownFile(Buffer.from(content), 0o644));
  }
  const seen = treeFiles(tree, []);
  const read = (path: string) => seen.textOf(path);
  const fill = () => fillTemplates(tree, { digest, values, files: seen });
  const link = (path: string, target: string) =>
    put(tree, path, { kind: 'link', attributes: OWN_ATTRIBUTES, target });
  return { tree, read, fill, link };
}

const spec = (...templates: string[]) => ({ 'etc/walt/image.spec': JSON.stringify({ templates }) });

test('fillTemplates() replaces one name of a file, with owner and mode as before', async (t) => {
  const { tree, read, fill } = root({ ...spec('/etc/ntp'), shared: '%(server_ip)s' });
  const shared = tree.children.get('shared') as TreeNode;
  shared.attributes = { ...shared.attributes, mode: 0o6750, uid: 7 };
  putAt(tree, 'etc/ntp', shared);
  t.deepEqual(await fill(), { filled: 1, notes: [] });
  t.is(await read('etc/ntp'), '192.168.152.1');
  t.is(await read('shared'), '%(server_ip)s');
  const etc = tree.children.get('etc') as Folder;
  t.like(etc.children.get('ntp'), { size: 13, attributes: { mode: 0o6750, uid: 7 } });
});

test('fillTemplates() follows links inside the image, and fills a file with two names once', async (t) => {
  const files = { ...spec('/etc/link', '/real'), real: '%%%% %(walt_image_id)s' };
  const { read, fill, link } = root(files);
  link('etc/link', '/real');
  t.is((await fill()).filled, 1);
  t.is(await read('real'), `%% ${'a'.repeat(64)}`);
});

test('fillTemplates() keeps bytes that are no UTF-8', async (t) => {
  const { tree, fill } = root(spec('/a'));
  put(tree, 'a', ownFile(Buffer.from('ff25287365727665725f69702973fe', 'hex'), 0o644));
  await fill();
  const content = (tree.children.get('a') as Extract<TreeNode, { kind: 'file' }>).content;
  const bytes = content.kind === 'bytes' ? Buffer.from(content.bytes) : Buffer.alloc(0);
  t.is(bytes.toString('latin1'), '\xff192.168.152.1\xfe');
});

test('fillTemplates() tells the size of the image', async (t) => {
  const content = '%(walt_image_size_kib)s'.padEnd(300_000);
  const { read, fill } = root({ ...spec('/a'), a: content });
  await fill();
  const kib = Number((await read('a'))?.trim());
  t.true(kib >= 290 && kib < 400, String(kib));
});

test('fillTemplates() names what it cannot fill, and fills the rest', async (t) => {
  const files = {
    ...spec('/none', '/etc', '/large', '/a'),
    a: '%(what)s %(server_ip)s',
    large: ' '.repeat(2 ** 20 + 1),
  };
  const { read, fill } = root(files);
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
  const { read, fill } = root({ 'etc/walt/image.spec': '{"templates": [', a: '%%' });
  const [note, ...others] = (await fill()).notes;
  t.like(note, { kind: 'warning' });
  t.regex(note?.text ?? '', /\/etc\/walt\/image\.spec is passed over: .*line 1/);
  t.deepEqual(others, []);
  t.is(await read('a'), '%%');
});

test('fillTemplates() leaves features alone', async (t) => {
  const text = '{"features": {"nbfs": "/bin/false"}}';
  const { notes } = await root({ 'etc/walt/image.spec': text }).fill();
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
    const { fill, link } = root(spec(template));
    if (target !== undefined) link('etc/link', target);
    const error = await t.throwsAsync(fill(), { instanceOf: ImageError });
    t.true(error?.message.includes(template), error?.message);
  });
}

test('fillTemplates() takes an absolute link for one from the root of the image', async (t) => {
  const { read, fill, link } = root({ ...spec('/etc/link'), 'etc/x': '%(server_ip)s' });
  link('etc/link', '/etc/x');
  await fill();
  t.is(await read('etc/x'), '192.168.152.1');
});
