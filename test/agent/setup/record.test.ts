// Files of a setup on a disk that takes only some of them, or none.
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { undo, writeFiles } from '../../../agent/setup/record.ts';
import { succeed } from '../../../lab/programs/run-program.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const FILES = [
  { path: 'walt/server.yaml', text: 'new' },
  { path: 'systemd/system/a', text: 'a' },
  { path: 'systemd/system/b', text: 'b' },
];

/** /etc with a configuration, on a disk that has room for so many files and folders. */
async function openEtc(t: ExecutionContext, options: string): Promise<string> {
  const etc = await temporaryFolder(t);
  await succeed(['mount', '-t', 'tmpfs', '-o', options, 'walt-test', etc]);
  t.teardown(async () => {
    await succeed(['umount', '--lazy', etc]);
  });
  await mkdir(join(etc, 'walt'));
  await writeFile(join(etc, 'walt/server.yaml'), 'old');
  return etc;
}

async function contentOf(etc: string): Promise<readonly [names: string[], text: string]> {
  const names = (await readdir(etc, { recursive: true })).toSorted();
  return [names, await readFile(join(etc, 'walt/server.yaml'), 'utf8')];
}

test('writeFiles() leaves all as it was where one file finds no room', async (t) => {
  // The root, three folders, the record, the configuration and one file more.
  const etc = await openEtc(t, 'nr_inodes=7');
  const message = `Cannot write ${join(etc, 'systemd/system/b')}: the disk is full. Nothing was changed.`;
  await t.throwsAsync(writeFiles(etc, [...FILES]), { message });
  const [names, text] = await contentOf(etc);
  t.deepEqual(names, ['systemd', 'systemd/system', 'walt', 'walt/server.yaml']);
  t.is(text, 'old');
  t.false(await undo(etc));
});

test('writeFiles() says how to undo what it could not take back', async (t) => {
  const etc = await openEtc(t, 'nr_inodes=6');
  await t.throwsAsync(writeFiles(etc, [...FILES]), {
    message:
      /^Cannot write \S+systemd\/system\/a: the disk is full\. Some files have changed: .*--undo/,
  });
  await succeed(['mount', '-o', 'remount,nr_inodes=100', etc]);
  t.true(await undo(etc));
  t.deepEqual((await contentOf(etc))[1], 'old');
});

test('writeFiles() on a disk that is read-only', async (t) => {
  const etc = await openEtc(t, 'nr_inodes=100');
  await succeed(['mount', '-o', 'remount,ro', etc]);
  await t.throwsAsync(writeFiles(etc, [...FILES]), {
    message: /^Cannot write \S+setup-undo\.json: the disk is read-only\. Nothing was changed\.$/,
  });
  await t.throwsAsync(writeFiles(join(etc, 'none'), [...FILES]), {
    message: /: the disk is read-only\. Nothing was changed\.$/,
  });
});
