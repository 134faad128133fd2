import { createHash } from 'node:crypto';
import { mkdir, rename, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { MediaShelf } from '../../../agent/media/media-shelf.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

test('MediaShelf lists the media of its table alone, with size and checksum', async (t) => {
  const folder = await temporaryFolder(t);
  await writeFile(join(folder, 'rpi-sd.img.gz'), 'card');
  await writeFile(join(folder, 'pc-usb.dd.gz'), 'stick');
  await writeFile(join(folder, 'walt-server'), 'program');
  await mkdir(join(folder, 'pxe.tar.gz'));
  const media = await new MediaShelf(folder).list();
  t.deepEqual(
    media.map(({ name, bytes, sha256 }) => ({ name, bytes, sha256 })),
    [
      { name: 'pc-usb.dd.gz', bytes: 5, sha256: sha256('stick') },
      { name: 'rpi-sd.img.gz', bytes: 4, sha256: sha256('card') },
    ],
  );
});

test('MediaShelf has the checksum of a file that came in place of another, of its size and date', async (t) => {
  const folder = await temporaryFolder(t);
  const path = join(folder, 'pc-usb.dd.gz');
  const when = new Date(1_700_000_000_000);
  const put = async (text: string) => {
    await writeFile(`${path}.new`, text);
    await utimes(`${path}.new`, when, when);
    await rename(`${path}.new`, path);
  };
  const shelf = new MediaShelf(folder);
  await put('first');
  t.is((await shelf.list())[0]?.sha256, sha256('first'));
  await put('other');
  t.is((await shelf.list())[0]?.sha256, sha256('other'));
});

test('MediaShelf answers many at once, also where a medium is going', async (t) => {
  const folder = await temporaryFolder(t);
  await writeFile(join(folder, 'pc-usb.dd.gz'), Buffer.alloc(3_000_000, 'x'));
  const shelf = new MediaShelf(folder);
  const lists = await Promise.all(Array.from({ length: 20 }, () => shelf.list()));
  t.is(new Set(lists.map(([medium]) => medium?.sha256)).size, 1);
});

test('MediaShelf has nothing where there is no folder', async (t) => {
  t.deepEqual(await new MediaShelf(undefined).list(), []);
  t.deepEqual(await new MediaShelf('/nonexistent').list(), []);
  t.is(await new MediaShelf('/nonexistent').find('pc-usb.dd.gz'), undefined);
});
