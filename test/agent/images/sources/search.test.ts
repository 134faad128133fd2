import { join } from 'node:path';
import test from 'ava';
import { searchImages } from '../../../../agent/images/sources/search.ts';
import { startRegistry } from '../../../../lab/servers/oci-registry.ts';
import { openImageStore } from '../../../support/images/image-store.ts';
import { makeTinyImage } from '../../../support/images/tiny-image.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

test('searchImages() finds names whatever the capitals, and none of the user', async (t) => {
  const folder = await temporaryFolder(t);
  const registry = await startRegistry(join(folder, 'registry'));
  t.teardown(registry.stop);
  const layout = await makeTinyImage(join(folder, 'tiny'), {});
  await registry.push(`${layout}:image`, 'lab/web:latest');
  const { store, progress } = await openImageStore(folder);
  for (const name of ['bob/web:V1', 'bob/db', 'alice/web']) {
    await store.import(layout, { name, progress });
  }
  const lab = { name: 'lab', address: registry.address, http: true, mirrors: [] };
  const search = (keyword: string) =>
    searchImages({ keyword, user: 'alice' }, { images: store, registries: [lab] });
  const found = { links: ['walt:bob/web:V1', 'lab:lab/web'], problems: [] };
  t.deepEqual(await search('WEB'), found);
  t.deepEqual((await search('web:v1')).links, ['walt:bob/web:V1']);
  t.deepEqual(await search('nothing'), { links: [], problems: [] });
});
