import test from 'ava';
import { forgetIdentities } from '../../../../agent/events/reactions/forget-identities.ts';
import { nodeNamed } from '../../../support/nodes/node-named.ts';
import { put } from '../../../support/put.ts';
import { openRecords } from '../../../support/records.ts';

test('forgetIdentities() forgets with the device, and with no other change of it', async (t) => {
  const { publisher, registry } = await openRecords();
  const forgotten: string[] = [];
  forgetIdentities(publisher, async (mac) => {
    forgotten.push(mac);
  });
  const node = nodeNamed('pc', { ip: '192.168.152.2' });
  await put(registry, node);
  await put(registry, { ...node, name: 'other' });
  t.deepEqual(forgotten, []);
  await registry.change(node.mac, () => undefined);
  t.deepEqual(forgotten, [node.mac]);
});
