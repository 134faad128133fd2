import { mkdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { CheckContext } from '../../../../agent/doctor/check.ts';
import { media } from '../../../../agent/doctor/content/media.ts';
import { MediaShelf } from '../../../../agent/media/media-shelf.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

/** A folder of a build whose medium is ten seconds older than the program; null stands for no note. */
async function found(
  t: ExecutionContext,
  { ofServer, ofMedium }: { readonly ofServer: string | null; readonly ofMedium: string | null },
) {
  const folder = join(await temporaryFolder(t), 'dist');
  const medium = join(folder, 'pc-usb.dd.gz');
  await mkdir(folder);
  for (const name of ['pc-usb.dd.gz', 'walt-server']) await writeFile(join(folder, name), name);
  if (ofServer !== null) await writeFile(join(folder, 'media.inputs'), ofServer);
  if (ofMedium !== null) await writeFile(`${medium}.inputs`, ofMedium);
  const before = new Date(Date.now() - 10_000);
  await utimes(medium, before, before);
  const patient = { shelf: new MediaShelf(folder), program: join(folder, 'walt-server') };
  return await media.run(patient as unknown as CheckContext, new AbortController().signal);
}

test('media: those of the same build are well, whatever was built first', async (t) => {
  t.like(await found(t, { ofServer: 'a', ofMedium: 'a' }), { status: 'ok' });
});

test('media: those that are made of other files are named', async (t) => {
  t.like(await found(t, { ofServer: 'b', ofMedium: 'a' }), {
    status: 'warning',
    detail: 'made of other files than those of this server: pc-usb.dd.gz',
  });
});

test('media: without a note nothing is said', async (t) => {
  t.like(await found(t, { ofServer: null, ofMedium: 'a' }), { status: 'ok' });
  t.like(await found(t, { ofServer: 'b', ofMedium: null }), { status: 'ok' });
});
