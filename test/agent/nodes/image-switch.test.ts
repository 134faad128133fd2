import { join } from 'node:path';
import test from 'ava';
import { isNode } from '../../../agent/devices/device.ts';
import type { Image } from '../../../agent/images/content/image.ts';
import { ImageSwitch } from '../../../agent/nodes/image-switch.ts';
import { nodeNamed } from '../../support/nodes/node-named.ts';
import { put } from '../../support/put.ts';
import { openRecords } from '../../support/records.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

function imageNamed(name: string): Image {
  const empty = { labels: {}, layers: [], size: 0, created: 0, used: 0 };
  return { name, digest: 'sha256:01', models: ['pc-x86-64'], ...empty };
}

test('boot() lasts over a restart, and changes no root of a node that runs', async (t) => {
  const file = join(await temporaryFolder(t), 'walt.db');
  const first = await openRecords(file);
  const { registry } = first;
  for (const index of [1, 2]) {
    await put(registry, nodeNamed(`pc-${index}`, { ip: `192.168.152.${index}` }));
  }
  const web = imageNamed('alice/web:latest');
  const imageSwitch = new ImageSwitch({
    registry,
    publish: first.publish,
    node: (name) => {
      const node = registry.byName(name);
      if (isNode(node)) return node;
      throw new Error(`no node ${name}`);
    },
    images: {
      byName: (name) => (name === web.name ? web : undefined),
      all: () => [],
      defaultOf: () => undefined,
      alias: async () => web,
    },
  });
  const request = { names: ['pc-1', 'PC-2', 'Pc-1'], user: 'alice', takesOthers: false };
  const switched = await imageSwitch.boot('web', request);
  t.deepEqual(
    switched.map(({ name, isSame }) => [name, isSame]),
    [
      ['pc-1', false],
      ['pc-2', false],
    ],
  );
  t.deepEqual(first.printed, [
    'platform.nodes -> node pc-1 is given alice/web:latest by alice',
    'platform.nodes -> node pc-2 is given alice/web:latest by alice',
  ]);
  await first.store.close();
  const second = await openRecords(file);
  for (const name of ['pc-1', 'pc-2']) {
    t.like(second.registry.byName(name), { image: web.name, root: 'sha256:00' });
  }
  await second.store.close();
});
