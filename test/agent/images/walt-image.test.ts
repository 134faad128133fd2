import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { findFile } from '../../../agent/handlers/find-file.ts';
import { openImageStore } from '../../support/image-store.ts';
import { runProgram } from '../../support/run-program.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { makeTinyImage } from '../../support/tiny-image.ts';
import { nodeNamed } from '../cli/test-platform.ts';

/** Start scripts in the manner of existing WalT images: a chain of scripts, HTTP first, then TFTP. */
const START = `#!ipxe
chain http://\${next-server}/boot/start-generic.ipxe || chain tftp://\${next-server}/start-generic.ipxe || reboot
`;
const GENERIC = `#!ipxe
set nfsroot \${next-server}:/var/lib/walt/nodes/\${net0/mac}/fs,ro,vers=3,nolock
kernel kernel root=/dev/nfs nfsroot=\${nfsroot} init=/bin/walt-init panic=15 boot=walt
initrd initrd
boot
`;

test('an image with start scripts of existing WalT images is let in, and serves them by both paths', async (t) => {
  const folder = await temporaryFolder(t);
  const layout = await makeTinyImage(join(folder, 'made'), {});
  const boot = join(folder, 'made/bundle/rootfs/boot/pc-x86-64');
  await writeFile(join(boot, 'start.ipxe'), START);
  await writeFile(join(boot, 'start-generic.ipxe'), GENERIC);
  const bundle = join(folder, 'made/bundle');
  const packed = await runProgram(['umoci', 'repack', '--image', `${layout}:image`, bundle]);
  t.is(packed.code, 0, packed.said);

  const { store, progress, records } = await openImageStore(join(folder, 'server'));
  const name = 'waltplatform/pc-x86-64-default:latest';
  await store.import(layout, { name, progress });
  const root = store.keyOf(name) ?? '';
  await records.registry.save(nodeNamed('pc-1', { ip: '192.168.152.2', image: name, root }));
  const start = () => Promise.reject(new Error('nobody asks as GRUB does'));
  const context = { registry: records.registry, rootOf: store.rootOf, start };
  for (const path of ['start-generic.ipxe', '/start-generic.ipxe']) {
    const { found } = await findFile(path, '192.168.152.2', context);
    t.is(found.kind === 'file' && (await readFile(found.path, 'utf8')), GENERIC, path);
  }
  t.regex(await readFile(join(store.rootOf(root), 'bin/walt-init'), 'utf8'), /^#!\/bin\/sh/);
  await records.writes.close();
});
