import { join } from 'node:path';
import test from 'ava';
import { listRepositories } from '../../../../../agent/images/sources/registry/catalogue.ts';
import { startRegistry } from '../../../../../lab/servers/oci-registry.ts';
import { putAgain } from '../../../../support/images/pushed.ts';
import { BOOTABLE, makeLayout, tar } from '../../../../support/images/tar.ts';
import { temporaryFolder } from '../../../../support/temporary-folder.ts';

test('listRepositories() follows the pages of a list, and knows a part of a registry', async (t) => {
  const folder = await temporaryFolder(t);
  const registry = await startRegistry(join(folder, 'registry'));
  t.teardown(registry.stop);
  const layout = await makeLayout(join(folder, 'made'), [tar(BOOTABLE)]);
  const names = ['alice/a', 'alice/b', 'lab/alice/c'];
  for (const name of names) await registry.push(layout, name);
  const { address } = registry;
  const lab = { name: 'lab', address, http: true, mirrors: [] };
  t.deepEqual(await listRepositories(lab, { page: 1 }), { names });
  t.deepEqual(await listRepositories(lab), { names });
  const part = { ...lab, address: `${address}/lab` };
  t.deepEqual(await listRepositories(part, { page: 1 }), { names: ['alice/c'] });
});

test('listRepositories() says that the Docker Hub gives no list', async (t) => {
  const hub = { name: 'hub', address: 'docker.io', http: false, mirrors: [] };
  await t.throwsAsync(listRepositories(hub), { message: /no list.*hub\.docker\.com/ });
});

test('listRepositories() reads a list of fifty pages', async (t) => {
  const folder = await temporaryFolder(t);
  const registry = await startRegistry(join(folder, 'registry'));
  t.teardown(registry.stop);
  const layout = await makeLayout(join(folder, 'made'), [tar(BOOTABLE)]);
  const { address, push } = registry;
  await push(layout, 'alice/image-00:latest');
  const names = ['alice/image-00'];
  for (let count = 1; count < 100; count += 1) {
    const to = `alice/image-${String(count).padStart(2, '0')}`;
    await putAgain(address, layout, { from: 'alice/image-00', to });
    names.push(to);
  }
  const lab = { name: 'lab', address, http: true, mirrors: [] };
  t.deepEqual(await listRepositories(lab, { page: 2 }), { names });
});
