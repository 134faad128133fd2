// What is said of names that are nearly those of devices, nodes and images.
import test from 'ava';
import { nodeNamed } from '../../../support/nodes/node-named.ts';
import { put } from '../../../support/put.ts';
import { startTestPlatform } from '../test-platform.ts';

test('a mistyped name of a device or node is told the one that was meant, and what lists them', async (t) => {
  const { walt, registry, close } = await startTestPlatform();
  t.teardown(close);
  const {
    type: _node,
    image: _image,
    root: _root,
    ...device
  } = nodeNamed('switch-1', { ip: '127.0.152.13' });
  await put(registry, nodeNamed('pc-1', { ip: '127.0.152.11' }));
  await put(registry, nodeNamed('rpi-7', { ip: '127.0.152.12' }));
  await put(registry, { ...device, type: 'unknown' });
  for (const [words, said] of [
    [
      'node show pc1',
      "No device with name 'pc1' found. Did you mean 'pc-1'? See walt node show --all.\n",
    ],
    [
      'node reboot RPI7',
      "No device with name 'RPI7' found. Did you mean 'rpi-7'? See walt node show --all.\n",
    ],
    ['node show swich-1', "No device with name 'swich-1' found. See walt node show --all.\n"],
    [
      'device ping swich-1',
      "No device with name 'swich-1' found. Did you mean 'switch-1'? See walt device show.\n",
    ],
    ['device ping ghost', "No device with name 'ghost' found. See walt device show.\n"],
    [
      'device forget rpi-7 pc1',
      "Nothing was changed: No device with name 'pc1' found. Did you mean 'pc-1'? See walt device show.\n",
    ],
  ] as const) {
    const { code, err } = await walt(...words.split(' '));
    t.deepEqual([code, err], [1, said]);
  }
});
