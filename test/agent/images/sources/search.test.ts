import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { archiveFolders } from '../../../../agent/images/sources/archive/archive-folder.ts';
import { searchImages } from '../../../../agent/images/sources/search.ts';
import { succeed } from '../../../../lab/programs/run-program.ts';
import { startRegistry } from '../../../../lab/servers/oci-registry.ts';
import { openImageStore } from '../../../support/images/image-store.ts';
import { makeTinyImage } from '../../../support/images/tiny-image.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const MODELS = ['pc-x86-64'];

/** A registry with lab/web, an archive with shelf/web, and images of bob and alice on this server. */
async function open(t: ExecutionContext) {
  const folder = await temporaryFolder(t);
  const registry = await startRegistry(join(folder, 'registry'));
  t.teardown(registry.stop);
  const layout = await makeTinyImage(join(folder, 'tiny'), {});
  await registry.push(`${layout}:image`, 'lab/web:latest');
  const { store, progress } = await openImageStore(folder);
  for (const name of ['bob/web:V1', 'bob/db', 'alice/web']) {
    await store.import(layout, { name, progress });
  }
  const archives = join(folder, 'archives');
  await mkdir(archives);
  await writeFile(join(archives, 'README'), 'no archive');
  const archive = `oci-archive:${join(archives, 'web.tar')}:shelf/web:v3`;
  await succeed(['skopeo', 'copy', '--quiet', `oci:${layout}:image`, archive]);
  const lab = { name: 'lab', address: registry.address, http: true, mirrors: [] };
  const registries = [{ name: 'shelf', folder: archives }, lab];
  const places = { images: store, registries, folders: archiveFolders(registries, folder) };
  return {
    registry,
    search: (keyword: string) => searchImages({ keyword, user: 'alice' }, places),
  };
}

test('searchImages() finds names whatever the capitals, and none of the user', async (t) => {
  const { registry, search } = await open(t);
  const found = [
    { location: 'walt', name: 'bob/web:V1', models: MODELS },
    { location: 'shelf', name: 'shelf/web:v3' },
    { location: 'lab', name: 'lab/web' },
  ];
  t.deepEqual(await search('WEB'), { found, problems: [] });
  t.deepEqual((await search('web:v1')).found, found.slice(0, 1));
  t.deepEqual(await search('nothing'), { found: [], problems: [] });
  await registry.stop();
  const without = await search('web');
  t.deepEqual(without.found, found.slice(0, 2), 'one that is down keeps nothing back');
  t.regex(without.problems.join('\n'), /^Cannot search lab: /);
});
