import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { readConfigurationOf } from '../../../agent/backup/archive.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

test('a file that never was a backup is called so, and one that was cut is told from it', async (t) => {
  const file = join(await temporaryFolder(t), 'README.md');
  const { signal } = new AbortController();
  for (const text of ['# WalT\n', '', 'x'.repeat(1000)]) {
    await writeFile(file, text);
    await t.throwsAsync(readConfigurationOf(file, signal), {
      message: `Cannot restore ${file}: it is no backup of walt-server`,
    });
  }
  await writeFile(file, Buffer.from(`28b52ffd${'00'.repeat(100)}`, 'hex'));
  await t.throwsAsync(readConfigurationOf(file, signal), { message: /it was cut or changed/ });
});
