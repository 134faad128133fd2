import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { hasUserOfPage } from '../../../../lab/platform/parts/users.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const ADMIN = { name: 'admin', role: 'admin', hasPassword: true, isDisabled: false };

test('hasUserOfPage() counts who has a password, and is not shut out', async (t) => {
  const launcher = join(await temporaryFolder(t), 'walt');
  const answer = async (...users: readonly object[]) => {
    const text = JSON.stringify({ users });
    await writeFile(launcher, `#!/bin/sh\necho '${text}'\n`, { mode: 0o755 });
    return await hasUserOfPage({ launcher, socket: '/x' }, new AbortController().signal);
  };
  t.false(await answer());
  t.false(await answer({ ...ADMIN, hasPassword: false }, { ...ADMIN, isDisabled: true }));
  t.true(await answer(ADMIN));
  t.true(await answer({ ...ADMIN, hasPassword: false, provider: 'house' }));
});
