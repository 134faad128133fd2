import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { WaltError } from '../../../agent/errors.ts';
import { OwnerIds } from '../../../agent/keeping/owner-ids.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

test('OwnerIds gives each owner one ID, for good, also where all ask at once', async (t) => {
  const file = join(await temporaryFolder(t), 'owners.json');
  const before = new OwnerIds(file);
  const ids = await Promise.all(
    ['alice', 'bob', 'alice', 'carol'].map((owner) => before.idOf(owner)),
  );
  t.deepEqual(
    ids,
    [0, 1, 0, 2].map((index) => 1_879_048_192 + index),
  );
  t.is(await new OwnerIds(file).idOf('carol'), ids[3] ?? 0);
  t.is((await stat(file)).mode & 0o777, 0o600);
});

test('OwnerIds names a damaged file, and gives nobody the ID of another', async (t) => {
  const file = join(await temporaryFolder(t), 'owners.json');
  for (const text of ['{', '{}', '[1]']) {
    await writeFile(file, text);
    const error = await t.throwsAsync(new OwnerIds(file).idOf('alice'), { instanceOf: WaltError });
    t.true(error?.message.includes(file));
    t.is(await readFile(file, 'utf8'), text);
  }
});
