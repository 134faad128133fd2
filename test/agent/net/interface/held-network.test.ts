// With networks that the kernel makes: what systemd finds at the fixed place.
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { holdNetwork, releaseNetwork } from '../../../../agent/net/interface/held-network.ts';
import { createNamespace } from '../../../support/namespace.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

test('holdNetwork() keeps the network of today at one place, and releaseNetwork() lets it go', async (t) => {
  const place = join(await temporaryFolder(t), 'held/net');
  t.teardown(() => releaseNetwork(place));
  const numberOf = async (path: string) => (await stat(path)).ino;
  const names = ['one', 'two'].map((name) => `whold-${name}-${process.pid}`);
  for (const name of names) {
    const namespace = await createNamespace(name);
    t.teardown(() => namespace.remove());
    // The second time nothing is to be done.
    for (let times = 0; times < 2; times += 1) await holdNetwork(name, place);
    t.is(await numberOf(place), await numberOf(`/run/netns/${name}`));
  }
  await holdNetwork(undefined, place);
  t.is(await numberOf(place), await numberOf('/proc/self/ns/net'));
  await t.throwsAsync(holdNetwork('nowhere', place), {
    message: 'Cannot hold network nowhere: there is none of this name',
  });
  await releaseNetwork(place);
  await t.throwsAsync(stat(place), { code: 'ENOENT' });
});
