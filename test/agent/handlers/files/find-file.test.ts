import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { findFile } from '../../../../agent/handlers/files/find-file.ts';
import { LocalStarts } from '../../../../agent/handlers/start/local-starts.ts';
import { nodeNamed } from '../../../support/nodes/node-named.ts';
import { put } from '../../../support/put.ts';
import { openRecords } from '../../../support/records.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const mac = 'b8:27:eb:f2:67:82';
const ip = '192.168.152.2';

test('findFile() learns the serial of a board without undoing what people did meanwhile', async (t) => {
  const { registry, store } = await openRecords();
  await put(registry, { mac, ip, name: 'unknown-f26782', type: 'unknown', firstSeen: 1 });
  const piFolder = await temporaryFolder(t);
  await mkdir(join(piFolder, 'e1ffda08'));
  await writeFile(join(piFolder, 'start4.elf'), '');
  const context = { registry, piFolder, rootOf: () => piFolder, start: () => Promise.reject() };
  const found = findFile('e1ffda08/start4.elf', ip, context);
  await registry.change(mac, (device) => device && { ...device, name: 'rpi-412' });
  await found;
  t.like(registry.byMac(mac), { name: 'rpi-412', serial: 'e1ffda08' });
  t.like(await store.devices.all(), [{ name: 'rpi-412', serial: 'e1ffda08' }]);
});

test('findFile() tells a node that is led back to the server to try its disks in another order', async (t) => {
  const { registry } = await openRecords();
  await put(registry, { ...nodeNamed('pc', { ip }), bootsLocal: true });
  const localStarts = new LocalStarts(() => 0);
  const context = { registry, localStarts, rootOf: () => '', start: () => Promise.reject() };
  const ask = async (path: string) => {
    const { found } = await findFile(path, ip, context);
    return found.kind === 'bytes' ? Buffer.from(found.bytes).toString() : found.kind;
  };
  const first = await ask('/start.ipxe');
  t.is(await ask('other-file'), 'not-found');
  const second = await ask('start.ipxe');
  t.regex(first, /^goto others$/m);
  t.regex(second, /^goto first$/m);
});
