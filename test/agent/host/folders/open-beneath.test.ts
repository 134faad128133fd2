import { mkdir, rename, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { WaltError } from '../../../../agent/errors.ts';
import { openBeneath } from '../../../../agent/host/folders/open-beneath.ts';
import { runProgram } from '../../../../agent/host/processes/program.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

test('openBeneath() opens a file and a folder', async (t) => {
  const folder = await temporaryFolder(t);
  await mkdir(join(folder, 'a/b'), { recursive: true });
  await writeFile(join(folder, 'a/b/file'), 'ours');
  await using file = await openBeneath({ folder, path: 'a/b/file', kind: 'file' });
  t.is(await file.readFile('utf8'), 'ours');
  await using inside = await openBeneath({ folder, path: 'a/b', kind: 'folder' });
  t.true((await inside.stat()).isDirectory());
});

test('openBeneath() goes through no link, up, or to another kind of file', async (t) => {
  const folder = await temporaryFolder(t);
  await mkdir(join(folder, 'a/b'), { recursive: true });
  await writeFile(join(folder, 'file'), '');
  await symlink('/etc', join(folder, 'etc'));
  await symlink('/etc', join(folder, 'a/etc'));
  await symlink('/etc/passwd', join(folder, 'a/passwd'));
  await symlink('b', join(folder, 'a/near'));
  await runProgram('mkfifo', [join(folder, 'pipe')]);
  await runProgram('mknod', [join(folder, 'null'), 'c', '1', '3']);
  const cases = [
    ...['etc/passwd', 'a/etc/passwd', 'a/passwd', 'a/near', 'etc', 'missing/file', '/etc/passwd'],
    ...['../../etc/passwd', 'a/../file', 'a//b', 'a/./b', './file', '', 'file/', 'file/x', 'a\0/b'],
    ...['pipe', 'null', 'a/b'],
  ];
  for (const path of cases) {
    await t.throwsAsync(
      openBeneath({ folder, path, kind: 'file' }),
      { instanceOf: WaltError },
      path,
    );
  }
  for (const path of ['file', 'etc', 'a/near', 'pipe', '..', '.']) {
    const opening = openBeneath({ folder, path, kind: 'folder' });
    await t.throwsAsync(opening, { instanceOf: WaltError }, path);
  }
});

test('openBeneath() opens nothing outside while its path changes all the time', async (t) => {
  const folder = await temporaryFolder(t);
  const outside = await temporaryFolder(t);
  for (const each of [join(folder, 'real'), outside]) {
    await mkdir(each, { recursive: true });
    await writeFile(join(each, 'file'), each === outside ? 'theirs' : 'ours');
  }
  const link = join(folder, 'link');
  await symlink(outside, link);
  let isOver = false;
  const place = join(folder, 'a');
  const swapping = (async () => {
    while (!isOver) {
      await rename(join(folder, 'real'), place);
      await rename(place, join(folder, 'real'));
      await rename(link, place);
      await rename(place, link);
    }
  })();
  let opened = 0;
  for (let tries = 0; tries < 3000; tries += 1) {
    const handle = await openBeneath({ folder, path: 'a/file', kind: 'file' }).catch(
      () => undefined,
    );
    if (handle === undefined) continue;
    opened += 1;
    t.is(await handle.readFile('utf8'), 'ours');
    await handle.close();
  }
  isOver = true;
  await swapping;
  t.log(`${opened} of 3000 were opened`);
  t.pass();
});
