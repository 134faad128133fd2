import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import {
  resolveFolderInside,
  resolveInside,
} from '../../../../../agent/images/content/files/inside.ts';
import { temporaryFolder } from '../../../../support/temporary-folder.ts';

async function imageFolder(t: ExecutionContext): Promise<string> {
  const top = await temporaryFolder(t);
  await writeFile(join(top, 'secret'), 'outside');
  const root = join(top, 'fs');
  await mkdir(join(root, 'usr/lib/boot'), { recursive: true });
  await writeFile(join(root, 'usr/lib/boot/kernel'), 'kernel');
  await symlink('usr/lib', join(root, 'lib'));
  await symlink('/lib/boot', join(root, 'boot'));
  await symlink('../secret', join(root, 'out'));
  await symlink('/../secret', join(root, 'out-absolute'));
  await symlink('loop-b', join(root, 'loop-a'));
  await symlink('loop-a', join(root, 'loop-b'));
  await symlink('nowhere', join(root, 'dangling'));
  return root;
}

const cases = [
  ['a file', 'usr/lib/boot/kernel', { kind: 'file', size: 6 }],
  ['a file behind relative and absolute links', 'boot/kernel', { kind: 'file', size: 6 }],
  ['a missing file', 'boot/initrd', { kind: 'not-found' }],
  ['a folder', 'usr', { kind: 'not-found' }],
  ['a path through a file', 'usr/lib/boot/kernel/x', { kind: 'not-found' }],
  ['a dangling link', 'dangling', { kind: 'not-found' }],
  ['a link that leads out', 'out', { kind: 'refused' }],
  ['an absolute link that leads out', 'out-absolute', { kind: 'refused' }],
  ['links in a circle', 'loop-a', { kind: 'refused' }],
] as const;

for (const [title, path, result] of cases) {
  test(`resolveInside() answers ${title} with ${result.kind}`, async (t) => {
    t.like(await resolveInside(await imageFolder(t), path), result);
  });
}

test('resolveFolderInside() follows links to a folder, and names one that is still to be made', async (t) => {
  const root = await imageFolder(t);
  t.is(await resolveFolderInside(root, 'boot'), join(root, 'usr/lib/boot'));
  t.is(await resolveFolderInside(root, 'lib/new/deep'), join(root, 'usr/lib/new/deep'));
  t.is(await resolveFolderInside(root, 'out'), undefined);
  t.is(await resolveFolderInside(root, 'boot/kernel'), undefined);
});
