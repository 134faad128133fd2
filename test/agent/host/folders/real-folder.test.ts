import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { WaltError } from '../../../../agent/errors.ts';
import { realFolder } from '../../../../agent/host/folders/real-folder.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

test('realFolder() follows links, also above the folder', async (t) => {
  const folder = await temporaryFolder(t);
  await mkdir(join(folder, 'disk/state'), { recursive: true });
  await symlink('disk', join(folder, 'link'));
  t.is(await realFolder(join(folder, 'link/state/')), join(folder, 'disk/state'));
  t.is(await realFolder(join(folder, 'none')), join(folder, 'none'));
});

test('realFolder() refuses a path with a line break, also behind a link', async (t) => {
  const folder = await temporaryFolder(t);
  await mkdir(join(folder, 'two\nlines'));
  await symlink('two\nlines', join(folder, 'link'));
  const refusal = {
    instanceOf: WaltError,
    message: /^Cannot use folder ".*two\\nlines": .*NFS.*state/,
  };
  await t.throwsAsync(realFolder(join(folder, 'two\nlines')), refusal);
  await t.throwsAsync(realFolder(join(folder, 'link')), refusal);
});

test('realFolder() refuses what is no folder, and what is below a file', async (t) => {
  const folder = await temporaryFolder(t);
  const file = join(folder, 'file');
  await writeFile(file, '');
  const said = (path: string, why: string) => ({
    instanceOf: WaltError,
    message: `Cannot use folder ${path}: ${why}. Name another folder (state).`,
  });
  await t.throwsAsync(realFolder(file), said(file, 'it is a file'));
  const below = join(file, 'state');
  await t.throwsAsync(realFolder(below), said(below, `a part of ${below} is no folder`));
});
