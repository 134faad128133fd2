import test from 'ava';
import { logLines } from '../../../agent/journal/log-lines.ts';
import { put } from '../../support/put.ts';
import { openRecords } from '../../support/records.ts';

const mac = 'b8:27:eb:f2:67:82';
const ip = '192.168.152.14';
const model = 'rpi-3-b-plus';
const image = `waltplatform/${model}-default:latest`;

async function open(images: Record<string, string> = {}) {
  const records = await openRecords(':memory:', images);
  const see = async (announced?: string) => {
    const seen = announced === undefined ? { mac, ip } : { mac, ip, model: announced };
    const events = await records.detection.see(seen);
    return events.flatMap((event) => logLines(event).map(({ line }) => line));
  };
  return { ...records, see };
}

test('Detection.see() logs a new node as users know it', async (t) => {
  const { see, registry } = await open({ [model]: image });
  t.deepEqual(await see(model), [
    'new node name=node-f26782 model=rpi-3-b-plus mac=b8:27:eb:f2:67:82 ip=192.168.152.14',
  ]);
  t.like(registry.byMac(mac), { type: 'node', image, root: `sha256:${model}` });
});

test('Detection.see() logs a device without model as unknown, once', async (t) => {
  const { see } = await open({ [model]: image });
  t.deepEqual(await see(), [
    'new device name=unknown-f26782 type=unknown mac=b8:27:eb:f2:67:82 ip=192.168.152.14',
  ]);
  t.deepEqual(await see(), []);
});

test('Detection.see() turns an unknown device into a node when it announces its model', async (t) => {
  const { see, registry } = await open({ [model]: image });
  await see();
  t.deepEqual(await see(model), [
    'renamed unknown-f26782 to node-f26782 for clarity',
    'new node (device type previously unknown) name=node-f26782 model=rpi-3-b-plus mac=b8:27:eb:f2:67:82 ip=192.168.152.14',
  ]);
  t.is(registry.byMac(mac)?.ip, ip);
});

test('Detection.see() keeps the name that a person gave', async (t) => {
  const { see, registry } = await open({ [model]: image });
  await see();
  const device = registry.byMac(mac);
  if (device) await put(registry, { ...device, name: 'rpi3bp-412-A' });
  await see(model);
  t.is(registry.byMac(mac)?.name, 'rpi3bp-412-A');
});

test('Detection.see() says once that a model has no image', async (t) => {
  const { see, registry } = await open();
  const [first, second] = await see(model);
  t.regex(first ?? '', /^new device name=unknown-f26782 /);
  t.regex(second ?? '', /walt node of type 'rpi-3-b-plus', for which there is no image yet/);
  t.deepEqual(await see(model), []);
  t.is(registry.byMac(mac)?.type, 'unknown');
});

test('Detection.promoteWaiting() makes nodes of the devices whose image has come', async (t) => {
  const { see, registry, detection, images } = await open();
  await see(model);
  images[model] = image;
  const events = await detection.promoteWaiting();
  t.deepEqual(
    events.map(({ kind }) => kind),
    ['renamed', 'new-node'],
  );
  t.is(registry.byMac(mac)?.type, 'node');
  t.deepEqual(await detection.promoteWaiting(), []);
});

const announced = { type: 'unknown', model: 'rpi-4-b', image: undefined } as const;

test('Detection.see() changes nothing of a node in whose name another model is announced', async (t) => {
  const { see, registry, detection } = await open({ [model]: image });
  await see(model);
  const node = registry.byMac(mac);
  t.deepEqual(await see('rpi-4-b'), []);
  t.deepEqual(registry.byMac(mac), node);
  t.like(node && detection.asAnnounced(node), announced);
});

test('Detection.takeAnnounced() follows a machine whose boot got on with another model', async (t) => {
  const { see, registry, detection } = await open({ [model]: image });
  await see(model);
  await see('rpi-4-b');
  const [event] = await detection.takeAnnounced(mac);
  t.like(event, { kind: 'no-image', model: 'rpi-4-b' });
  t.like(registry.byMac(mac), announced);
  t.deepEqual(await detection.takeAnnounced(mac), []);
});

test('Detection.takeAnnounced() takes nothing that the node itself has denied meanwhile', async (t) => {
  const { see, registry, detection } = await open({ [model]: image });
  await see(model);
  await see('rpi-4-b');
  await see(model);
  t.deepEqual(await detection.takeAnnounced(mac), []);
  t.like(registry.byMac(mac), { type: 'node', model, image });
});

test('Detection.takeAnnounced() leaves a node its image where that is made for the other model too', async (t) => {
  const { see, registry, detection } = await open({ [model]: image, 'rpi-3-b': image });
  await see(model);
  await see('rpi-3-b');
  await detection.takeAnnounced(mac);
  t.like(registry.byMac(mac), { type: 'node', model: 'rpi-3-b', image });
});

test('Detection.see() gives a node the new content of its image when it boots, not before', async (t) => {
  const { see, registry, images } = await open({ [model]: image });
  await see(model);
  const node = registry.byMac(mac);
  if (node) await put(registry, { ...node, root: 'sha256:old' });
  t.deepEqual(await see(), [], 'a lease of the running system');
  t.is(registry.byMac(mac)?.root, 'sha256:old');
  t.deepEqual(await see(model), []);
  t.is(registry.byMac(mac)?.root, `sha256:${model}`);
  t.truthy(images[model]);
});

test('Detection.see() calls a new device by the name that it has for itself', async (t) => {
  const { detection, registry } = await open({ [model]: image });
  await detection.see({ mac, ip, hostName: 'Web-412.example.org' });
  t.like(registry.byMac(mac), { name: 'web-412', type: 'unknown' });
  await detection.see({ mac, ip, hostName: 'other', model });
  t.like(registry.byMac(mac), { name: 'web-412', type: 'node' });
});

test('Detection.see() calls nobody by a name that another device has in another case', async (t) => {
  const { detection, registry } = await open();
  await detection.see({ mac, ip, hostName: 'web-412' });
  const device = registry.byMac(mac);
  if (device) await put(registry, { ...device, name: 'WEB-413' });
  const other = { mac: '52:54:00:00:00:01', ip: '192.168.152.15' };
  await detection.see({ ...other, hostName: 'web-413' });
  t.is(registry.byMac(other.mac)?.name, 'unknown-000001');
});
