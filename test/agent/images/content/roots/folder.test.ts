import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { writeFolder } from '../../../../../agent/images/content/roots/folder.ts';
import {
  emptyFolder,
  OWN_ATTRIBUTES,
  ownFile,
} from '../../../../../agent/images/content/tree/image-tree.ts';
import { temporaryFolder } from '../../../../support/temporary-folder.ts';

for (const mode of [0o755, 0o711, 0o1777]) {
  test(`writeFolder() gives the root mode ${mode.toString(8)} and owner of the tree`, async (t) => {
    const path = join(await temporaryFolder(t), 'root');
    const root = emptyFolder({ ...OWN_ATTRIBUTES, mode, uid: 3, gid: 4, seconds: 99 });
    root.children.set('file', ownFile(Buffer.from('x'), 0o644));
    await writeFolder(root, { path, layers: [] });
    const stats = await lstat(path);
    t.is(stats.mode & 0o7777, mode);
    t.deepEqual([stats.uid, stats.gid, stats.mtimeMs], [3, 4, 99_000]);
  });
}

test('writeFolder() says why tar has failed', async (t) => {
  const path = join(await temporaryFolder(t), 'root');
  const root = emptyFolder();
  root.children.set('n'.repeat(300), ownFile(Buffer.from('x'), 0o644));
  await t.throwsAsync(writeFolder(root, { path, layers: [] }), { message: /too long/ });
});
