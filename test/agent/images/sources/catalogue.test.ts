import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { listRepositories } from '../../../../agent/images/sources/catalogue.ts';
import { startRegistry } from '../../../../lab/servers/oci-registry.ts';
import { BOOTABLE, makeLayout, tar } from '../../../support/images/tar.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

test('listRepositories() follows the pages of a list, and knows a part of a registry', async (t) => {
  const folder = await temporaryFolder(t);
  const work = join(folder, 'work');
  await mkdir(work);
  const registry = await startRegistry(join(folder, 'registry'));
  t.teardown(registry.stop);
  const layout = await makeLayout(join(folder, 'made'), [tar(BOOTABLE)]);
  const names = ['alice/a', 'alice/b', 'lab/alice/c'];
  for (const name of names) await registry.push(layout, name);
  const { address } = registry;
  const lab = { name: 'lab', address, http: true, mirrors: [] };
  t.deepEqual(await listRepositories(lab, { work, page: 1 }), names);
  t.deepEqual(await listRepositories(lab, { work }), names);
  const part = { ...lab, address: `${address}/lab` };
  t.deepEqual(await listRepositories(part, { work, page: 1 }), ['alice/c']);
});

test('listRepositories() says that the Docker Hub gives no list', async (t) => {
  const work = await temporaryFolder(t);
  const hub = { name: 'hub', address: 'docker.io', http: false, mirrors: [] };
  await t.throwsAsync(listRepositories(hub, { work }), { message: /no list.*hub\.docker\.com/ });
});
