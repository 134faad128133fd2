// apt itself judges small archives that lie in a folder.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { usableSources } from '../../../../scripts/images/debian/usable-sources.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

/** An archive with one empty index; its Release file tells the size given. */
async function archive(folder: string, { size }: { readonly size: number }): Promise<string> {
  const hash = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
  const index = 'main/binary-i386/Packages';
  await mkdir(join(folder, 'dists/updates/main/binary-i386'), { recursive: true });
  await writeFile(join(folder, 'dists/updates', index), '');
  await writeFile(
    join(folder, 'dists/updates/Release'),
    `Architectures: i386\nComponents: main\nDate: Sat, 01 Jan 2022 00:00:00 UTC\nSHA256:\n ${hash} ${size} ${index}\n`,
  );
  return `deb [trusted=yes] file:${folder} updates main`;
}

test('usableSources() leaves out updates whose index is not what the archive says, and tells', async (t) => {
  const folder = await temporaryFolder(t);
  const good = await archive(join(folder, 'good'), { size: 0 });
  const bad = await archive(join(folder, 'bad'), { size: 7 });
  const said: string[] = [];
  const main = 'deb file:/nowhere stays main';
  const lines = await usableSources([main, bad, good], {
    architecture: 'i386',
    say: (text) => said.push(text),
    pauseSeconds: 0,
  });
  t.deepEqual(lines, [main, good]);
  t.is(said.length, 1);
  t.regex(said[0] ?? '', /^LEFT OUT, .*bad updates main \(i386\)\n.*(?:size|Hash)/s);
});

test('usableSources() has nothing to say where there is no mirror', async (t) => {
  t.deepEqual(await usableSources([], { architecture: 'i386', say: t.fail }), []);
});
