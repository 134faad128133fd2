import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { FileTroubles } from '../../../../agent/handlers/files/file-troubles.ts';
import { onHttpFile, onHttpTransfer } from '../../../../agent/handlers/files/on-http-file.ts';
import { openRecords } from '../../../support/records.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const NODE = '192.168.152.7';
const WAITING = '192.168.152.8';
const STRANGER = '192.168.152.9';

/** A node whose image has two scripts, and a device that has no image. */
async function open(t: ExecutionContext, isCareful = false) {
  const root = await temporaryFolder(t);
  const boot = join(root, 'boot/pc-x86-64');
  await mkdir(boot, { recursive: true });
  for (const name of ['start.ipxe', 'start-generic.ipxe']) {
    await writeFile(join(boot, name), '#!ipxe\n');
  }
  const { registry } = await openRecords(':memory:');
  const model = 'pc-x86-64';
  const devices = new Map<string, object>([
    [NODE, { mac: '52:54:00:00:00:07', ip: NODE, model, root: 'sha256:a' }],
    [WAITING, { mac: '52:54:00:00:00:08', ip: WAITING, model }],
  ]);
  const known = { byIp: (address: string) => devices.get(address) };
  const context = {
    registry: Object.assign(registry, known),
    rootOf: () => root,
    isCareful: () => isCareful,
  };
  return async (path: string, address: string) =>
    (await onHttpFile(path, address, context as never))?.found.kind;
}

test('onHttpFile() gives a node the files of its image, below /boot/ and from the root', async (t) => {
  const ask = await open(t);
  t.is(await ask('/boot/start.ipxe', NODE), 'file');
  t.is(await ask('/start-generic.ipxe', NODE), 'file');
  t.is(await ask('/nothing.ipxe', NODE), 'not-found');
  for (const path of ['/etc/passwd', '/../etc/passwd', '/boot/../../etc/passwd', '/']) {
    t.is(await ask(path, NODE), 'refused', path);
  }
});

test('onHttpFile() has nothing at the root for whoever is no node', async (t) => {
  const ask = await open(t);
  for (const address of [WAITING, STRANGER]) {
    t.is(await ask('/start-generic.ipxe', address), undefined);
    t.is(await ask('/etc/passwd', address), undefined);
  }
  t.is(await ask('/boot/start.ipxe', WAITING), 'bytes', 'it is told to try again');
});

test('onHttpFile() keeps the start script from a node that is to load its files by TFTP', async (t) => {
  const ask = await open(t, true);
  t.is(await ask('/boot/start.ipxe', NODE), undefined);
  t.is(await ask('/boot/start-generic.ipxe', NODE), 'file');
  t.is(await ask('/boot/start.ipxe', WAITING), undefined);
});

test('onHttpTransfer() gives the stage of a device, and says why a file could not be read', (t) => {
  const troubles = new FileTroubles(() => 0);
  const report = { address: NODE, path: 'kernel', bytes: 5, ms: 2, outcome: 'complete' };
  t.deepEqual(onHttpTransfer(report, troubles), []);
  const mac = '52:54:00:00:00:07';
  const signal = { kind: 'file', via: 'http', path: 'kernel', bytes: 5, ms: 2, retries: 0 };
  t.like(onHttpTransfer({ ...report, mac }, troubles), [{ kind: 'signal', mac, signal }]);
  const failed = { ...report, outcome: 'failed', message: 'EIO' };
  const message = `Cannot send 'kernel' to ${NODE}: EIO`;
  t.deepEqual(onHttpTransfer(failed, troubles), [{ kind: 'problem', source: 'http', message }]);
  t.deepEqual(onHttpTransfer(failed, troubles), []);
});
