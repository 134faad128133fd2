// One test alone, for it changes PATH.
import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { WaltError } from '../../../../agent/errors.ts';
import { Buildah } from '../../../../agent/images/workshop/buildah.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

test('Buildah.open() says how to install buildah where it is missing', async (t) => {
  const folder = await temporaryFolder(t);
  await symlink('/usr/bin/setpriv', join(folder, 'setpriv'));
  const { PATH } = process.env;
  process.env.PATH = folder;
  try {
    const error = await t.throwsAsync(Buildah.open(folder), { instanceOf: WaltError });
    t.regex(error?.message ?? '', /this server has no buildah\. Install it: apt install buildah/);
  } finally {
    process.env.PATH = PATH;
  }
});
