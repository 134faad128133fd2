import { link, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { SharedChunks } from '../../../../agent/net/files/shared-chunks.ts';
import { TftpContent } from '../../../../agent/net/tftp/content.ts';
import type { FramedChunk } from '../../../../agent/net/tftp/framed-chunk.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

test('TftpContent takes a file elsewhere for another one, whatever the kernel says of both', async (t) => {
  const path = join(await temporaryFolder(t), 'kernel');
  const other = `${path}-of-another-image`;
  await writeFile(path, Buffer.alloc(2000, 'a'));
  // As in the file systems of two images, of which the second came when the first was gone.
  await link(path, other);
  const chunks = new SharedChunks<FramedChunk>(1 << 20);
  const load = async (from: string) => {
    const content = await TftpContent.open({ kind: 'file', path: from, size: 2000 }, chunks);
    t.teardown(() => content.close());
    content.settle({ blockSize: 512, windowSize: 1, granted: new Map() });
    await content.load(1, 1);
    return content.packet(1);
  };
  const first = await load(path);
  t.is(await load(path), first, 'read once');
  t.not(await load(other), first);
});

test('TftpContent reads nothing when it is closed, and says so to who would ask again', async (t) => {
  const path = join(await temporaryFolder(t), 'kernel');
  await writeFile(path, Buffer.alloc(2000, 'a'));
  const chunks = new SharedChunks<FramedChunk>(1 << 20);
  const content = await TftpContent.open({ kind: 'file', path, size: 2000 }, chunks);
  content.settle({ blockSize: 512, windowSize: 1, granted: new Map() });
  await content.close();
  await t.throwsAsync(content.load(1, 1), { message: /closed/ });
  t.is(content.packet(1), undefined);
});

for (const [blockSize, isKept] of [
  [512, true],
  [8, false],
] as const) {
  test(`SharedChunks of TftpContent keep a file of a quarter of their bytes in blocks of ${blockSize}: ${isKept}`, async (t) => {
    const path = join(await temporaryFolder(t), 'kernel');
    const size = 1 << 18;
    await writeFile(path, Buffer.alloc(size, 'a'));
    const chunks = new SharedChunks<FramedChunk>(1 << 20);
    const readAll = async () => {
      const content = await TftpContent.open({ kind: 'file', path, size }, chunks);
      content.settle({ blockSize, windowSize: 1, granted: new Map() });
      await content.load(1, 1);
      const first = content.packet(1);
      for (let block = 2; block <= size / blockSize; block += 100) await content.load(block, block);
      await content.close();
      return first;
    };
    const first = await readAll();
    t.is((await readAll()) === first, isKept, 'objects for many small blocks count');
  });
}
