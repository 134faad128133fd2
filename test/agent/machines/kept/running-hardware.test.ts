import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import {
  readRunningHardware,
  writeRunningHardware,
} from '../../../../agent/machines/kept/running-hardware.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const running = {
  hardware: {
    memoryBytes: 2 ** 30,
    cores: 2,
    firmware: 'bios',
    disks: [{ sizeBytes: 8e9, template: 'ext4' }],
    networks: [{ name: 'walt-net' }],
  },
  accelerator: 'tcg',
} as const;

test('readRunningHardware() reads what writeRunningHardware() wrote, and nothing else is left', async (t) => {
  const folder = await temporaryFolder(t);
  const path = join(folder, 'hardware.json');
  t.is(await readRunningHardware(path), undefined);
  await writeRunningHardware(path, running);
  t.deepEqual(await readRunningHardware(path), running);
  t.deepEqual(await readdir(folder), ['hardware.json']);
});

const { hardware } = running;
for (const damaged of [
  '',
  '{"hardware":{"memoryBytes":1073',
  'null',
  '[]',
  '{"hardware":null,"accelerator":"tcg"}',
  JSON.stringify({ ...running, accelerator: 'xen' }),
  JSON.stringify({ ...running, hardware: { ...hardware, disks: undefined } }),
  JSON.stringify({ ...running, hardware: { ...hardware, disks: [null] } }),
  JSON.stringify({ ...running, hardware: { ...hardware, networks: 'walt-net' } }),
]) {
  test(`readRunningHardware() takes damaged text for none: ${damaged.slice(0, 200)}`, async (t) => {
    const path = join(await temporaryFolder(t), 'hardware.json');
    await writeFile(path, damaged);
    t.is(await readRunningHardware(path), undefined);
  });
}
