import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { ImageError } from '../../../agent/errors.ts';
import { findFile } from '../../../agent/handlers/files/find-file.ts';
import { planStart } from '../../../agent/handlers/start/start-plan.ts';
import { openImageStore } from '../../support/images/image-store.ts';
import { makeLayout, tar } from '../../support/images/tar.ts';
import { PARAMS_TEMPLATE, WALT_STYLE } from '../../support/images/walt-style-image.ts';
import { nodeNamed } from '../../support/nodes/node-named.ts';
import { put } from '../../support/put.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const NAME = 'waltplatform/pc-x86-64-default:latest';
const PARAMS = 'boot/common-ipxe/server-params.ipxe';
const here = { server_ip: '192.168.152.1', server_mac: '02:00:00:00:00:01' };
const elsewhere = { server_ip: '192.168.152.1', server_mac: '02:00:00:00:00:02' };
const filled = (mac: string) => `#!ipxe\nset server_mac ${mac}\nset server_ip 192.168.152.1\n`;

async function open(t: ExecutionContext) {
  const folder = await temporaryFolder(t);
  const layout = await makeLayout(join(folder, 'made'), [tar(WALT_STYLE)]);
  const start = (values: typeof here) =>
    openImageStore(join(folder, 'server'), { templateValues: () => values });
  return { folder, layout, start };
}

test('an image in the manner of existing WalT images is let in, and its scripts lead to its kernel', async (t) => {
  const { layout, start } = await open(t);
  const { store, progress, notes, records } = await start(here);
  const { digest } = await store.import(layout, { name: NAME, progress });
  const root = store.rootOf(store.keyOf(NAME) ?? '');
  t.is(await readFile(join(root, PARAMS), 'utf8'), filled(here.server_mac));
  t.is(
    await readFile(join(root, 'etc/ntp.conf'), 'utf8'),
    `server 192.168.152.1\n# 100% of ${digest.slice('sha256:'.length)}\n`,
  );
  t.is((await stat(join(root, PARAMS))).mode & 0o777, 0o640);
  t.regex(await readFile(join(root, 'bin/walt-init'), 'utf8'), /^#!\/bin\/sh/);
  t.deepEqual(
    notes.map(({ image, kind }) => ({ image, kind })),
    [{ image: NAME, kind: 'ignored' }],
  );

  const network = {
    address: '192.168.152.1',
    netmask: '255.255.255.0',
    broadcast: '192.168.152.255',
    domain: 'walt',
    leaseSeconds: 60,
  };
  const starter = {
    model: 'pc-x86-64',
    ip: '192.168.152.2',
    mac: '52:54:00:f2:67:82',
    name: 'pc-1',
  };
  const { result } = await planStart(root, starter, network);
  t.like(result, { kind: 'boot', problems: [], plan: { kernel: 'kernel' } });
  t.is(
    result.kind === 'boot' && result.plan.commandLine,
    'root=/dev/nfs nfsroot=192.168.152.1:/var/lib/walt/nodes/52:54:00:f2:67:82/fs,ro,vers=3,nolock,nocto ' +
      'init=/bin/walt-init panic=15 boot=walt walt.node.model=pc-x86-64 ' +
      'netconsole=@192.168.152.2/,12342@192.168.152.1/02:00:00:00:00:01 console=ttyS0',
  );
  await records.writes.close();
});

test('a boot loader gets the filled template under the path of its model', async (t) => {
  const { layout, start } = await open(t);
  const { store, progress, records } = await start(here);
  await store.import(layout, { name: NAME, progress });
  const root = store.keyOf(NAME) ?? '';
  await put(records.registry, nodeNamed('pc-1', { ip: '192.168.152.2', image: NAME, root }));
  const nobody = () => Promise.reject(new Error('nobody asks as GRUB does'));
  const context = { registry: records.registry, rootOf: store.rootOf, start: nobody };
  for (const path of ['server-params.ipxe', '/server-params.ipxe']) {
    const { found } = await findFile(path, '192.168.152.2', context);
    const text = found.kind === 'file' && (await readFile(found.path, 'utf8'));
    t.is(text, filled(here.server_mac), path);
  }
  await records.writes.close();
});

test('a server with another MAC fills the templates anew, from what they were', async (t) => {
  const { layout, start } = await open(t);
  const before = await start(here);
  await before.store.import(layout, { name: NAME, progress: before.progress });
  const oldKey = before.store.keyOf(NAME) ?? '';
  await before.records.writes.close();

  const same = await start(here);
  await same.store.renewAll();
  t.is(same.store.keyOf(NAME), oldKey, 'nothing to do after a mere restart');
  await same.records.writes.close();

  const after = await start(elsewhere);
  await after.store.renewAll();
  const key = after.store.keyOf(NAME) ?? '';
  t.not(key, oldKey);
  const textOf = (of: string) => readFile(join(after.store.rootOf(of), PARAMS), 'utf8');
  t.is(await textOf(key), filled(elsewhere.server_mac));
  t.is(await textOf(oldKey), filled(here.server_mac), 'nodes that run keep theirs');
  const kernel = 'boot/pc-x86-64/kernel';
  const inode = async (of: string) => (await stat(join(after.store.rootOf(of), kernel))).ino;
  t.is(await inode(key), await inode(oldKey), 'the rest is shared');
  await after.records.writes.close();
});

test('an image that shares files with one whose template it is not keeps its own text', async (t) => {
  const { folder, layout, start } = await open(t);
  const { store, progress, records } = await start(here);
  const plain = WALT_STYLE.filter(({ path }) => path !== 'etc/walt/image.spec');
  const base = tar(plain);
  const spec = tar(WALT_STYLE.filter(({ path }) => path.startsWith('etc/walt')));
  await store.import(await makeLayout(join(folder, 'plain'), [base]), {
    name: 'a/plain:1',
    progress,
  });
  await store.import(await makeLayout(join(folder, 'both'), [base, spec]), {
    name: 'a/both:1',
    progress,
  });
  await store.import(layout, { name: NAME, progress });
  const textOf = (name: string) =>
    readFile(join(store.rootOf(store.keyOf(name) ?? ''), PARAMS), 'utf8');
  t.is(await textOf('a/plain:1'), PARAMS_TEMPLATE);
  t.is(await textOf('a/both:1'), filled(here.server_mac));
  t.is(await textOf(NAME), filled(here.server_mac));
  await records.writes.close();
});

test('an image whose template leads out of it is refused, and leaves nothing behind', async (t) => {
  const { folder, start } = await open(t);
  const { store, progress, records, rest } = await start(here);
  const spec = { path: 'etc/walt/image.spec', content: '{"templates": ["/../../../walt.db"]}' };
  const entries = [...WALT_STYLE.filter(({ path }) => path !== spec.path), spec];
  const layout = await makeLayout(join(folder, 'bad'), [tar(entries)]);
  const error = await t.throwsAsync(store.import(layout, { name: NAME, progress }), {
    instanceOf: ImageError,
  });
  t.regex(error?.message ?? '', /image\.spec names template '\/\.\.\/\.\.\/\.\.\/walt\.db'/);
  t.deepEqual(await rest(), { images: [], tmp: [], layers: [], blobs: [] });
  await records.writes.close();
});
