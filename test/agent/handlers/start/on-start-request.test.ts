import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { findFile } from '../../../../agent/handlers/files/find-file.ts';
import { onHttpFile } from '../../../../agent/handlers/files/on-http-file.ts';
import { onStartRequest } from '../../../../agent/handlers/start/on-start-request.ts';
import { StartTroubles } from '../../../../agent/handlers/start/start-troubles.ts';
import { peHead } from '../../../support/bytes/pe-head.ts';
import { openRecords } from '../../../support/records.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const ip = '192.168.152.7';
const mac = '52:54:00:00:00:07';
const model = 'pc-x86-64';
const network = {
  address: '192.168.152.1',
  netmask: '255.255.255.0',
  broadcast: '192.168.152.255',
  domain: 'walt',
  leaseSeconds: 1000,
};
/** Of our images for PCs. */
const START_SCRIPT = join(import.meta.dirname, '../../../../boot-artifacts/images/pc/start.ipxe');
const SCRIPT = '#!ipxe\nkernel kernel quiet\ninitrd initrd\nboot\n';

/** A device that has asked for an address, and an image with the kernel given. */
async function open(
  t: ExecutionContext,
  {
    kernel = peHead(),
    script = SCRIPT,
    images = { [model]: 'waltplatform/default:latest' },
    hasNat = false,
  } = {},
) {
  const root = await temporaryFolder(t);
  const boot = join(root, 'boot', model);
  await mkdir(boot, { recursive: true });
  await writeFile(join(boot, 'start.ipxe'), script);
  await writeFile(join(boot, 'kernel'), kernel);
  await writeFile(join(boot, 'initrd'), 'x');
  const records = await openRecords(':memory:', images as Record<string, string>);
  await records.detection.see({ mac, ip });
  const time = { now: 0 };
  const context = {
    ...{ ...records, network, httpPort: 80, rootOf: () => root, hasNat: () => hasNat },
    troubles: new StartTroubles(() => time.now),
  };
  const ask = async (isSecure = false, address = ip, busId?: string) => {
    const card = busId === undefined ? {} : { busId };
    const outcome = await onStartRequest({ model, mac, isSecure, ...card }, address, context);
    const { found } = outcome;
    const config = found.kind === 'bytes' ? Buffer.from(found.bytes).toString() : found.kind;
    return { ...outcome, config, troubles: outcome.events.filter(isTrouble) };
  };
  return { ...context, ask, time, root };
}

const isTrouble = ({ kind }: { readonly kind: string }) => kind === 'start-trouble';

async function signedKernel(): Promise<Buffer> {
  const file = join(import.meta.dirname, '../../../fixtures/pe/debian-grub.certificates');
  const certificates = await readFile(file);
  return Buffer.concat([
    peHead({ table: { offset: 512, size: certificates.length } }),
    certificates,
  ]);
}

test('a system that says which card it has gets the driver of that card, where the image has it apart', async (t) => {
  const template = await readFile(START_SCRIPT, 'utf8');
  const script = template.replaceAll('@MODEL@', model).replaceAll('@CONSOLE@', 'ttyS0');
  const { ask, root } = await open(t, { script });
  const cards = join(root, 'boot', model, 'cards');
  await mkdir(cards);
  await writeFile(join(cards, 'base'), 'x');
  await writeFile(join(cards, '01-80-86-10-0e'), 'x');
  const initrds = async (busId?: string) =>
    /initrd .*/.exec((await ask(false, ip, busId)).config)?.[0];
  t.is(
    await initrds('01-80-86-10-0e'),
    "initrd '(http,192.168.152.1)/boot/cards/01-80-86-10-0e' '(http,192.168.152.1)/boot/cards/base'; then set loaded=y; fi",
  );
  const whole = "initrd '(http,192.168.152.1)/boot/initrd'; then set loaded=y; fi";
  t.is(await initrds(), whole);
  t.is(await initrds('01-ff-ff-ff-ff'), whole, 'a card of which it has no driver apart');
});

test('onStartRequest() makes a node of a device, and starts its image', async (t) => {
  const { ask, registry } = await open(t);
  const { config, events, device } = await ask();
  t.true(events.some(({ kind }) => kind === 'new-node'));
  t.like(registry.byIp(ip), { type: 'node', model, name: 'node-000007' });
  t.is(device, registry.byIp(ip));
  t.regex(config, /linux '\(http,192\.168\.152\.1\)\/boot\/kernel' 'quiet'/);
  t.regex(config, /for node-000007'/);
  t.deepEqual((await ask()).events, [], 'nothing is new the second time');
});

for (const [hasNat, gateway] of [
  [true, '192.168.152.1'],
  [false, ''],
] as const) {
  test(`onStartRequest() tells a node that has NAT (${hasNat}) its gateway`, async (t) => {
    const script = SCRIPT.replace('quiet', `gateway=\${netX/gateway}|`);
    const { config } = await (await open(t, { script, hasNat })).ask();
    t.true(config.includes(`'gateway=${gateway}|'`), config);
  });
}

test('onStartRequest() lets a node start from its own disk, with Secure Boot too', async (t) => {
  const { ask, registry } = await open(t);
  await ask();
  await registry.change(mac, (device) => device && { ...device, bootsLocal: true });
  for (const isSecure of [false, true]) {
    const { config, troubles } = await ask(isSecure);
    t.regex(config, /start from its own disk[\s\S]*chainloader/);
    t.deepEqual(troubles, []);
  }
});

test('onStartRequest() believes no machine that names another one', async (t) => {
  const { ask, registry } = await open(t);
  const { config, events } = await ask(false, '192.168.152.8');
  t.is(config, 'not-found');
  t.deepEqual(events, []);
  t.is(registry.byIp(ip)?.type, 'unknown');
});

test('onStartRequest() lets a machine wait while there is no image for its model', async (t) => {
  const { ask, registry } = await open(t, { images: {} as never });
  const { config, events } = await ask();
  t.regex(config, /no image for model pc-x86-64 yet/);
  t.notRegex(config, /^sleep|again/m, 'the medium pauses by itself');
  t.like(events, [{ kind: 'no-image' }]);
  t.like(registry.byIp(ip), { type: 'unknown', model });
});

test('onStartRequest() says what Secure Boot refuses, on the screen and once in the log', async (t) => {
  const { ask, time } = await open(t);
  t.regex((await ask(false)).config, /linux/, 'without Secure Boot it starts');
  const { config, troubles } = await ask(true);
  t.notRegex(config, /linux/);
  t.regex(config, /this machine has Secure Boot on; .*the kernel is'\necho '\*\* not signed/);
  t.like(troubles, [{ name: 'node-000007' }]);
  const [trouble] = troubles;
  t.regex(trouble?.kind === 'start-trouble' ? trouble.text : '', /\/boot\/pc-x86-64\/kernel/);
  for (let again = 0; again < 20; again += 1) t.deepEqual((await ask(true)).troubles, []);
  time.now += 31 * 60_000;
  t.is((await ask(true)).troubles.length, 1);
});

test('onStartRequest() starts a signed kernel with Secure Boot', async (t) => {
  const { ask } = await open(t, { kernel: await signedKernel() });
  const { config, troubles } = await ask(true);
  t.regex(config, /linux/);
  t.deepEqual(troubles, []);
});

test('onStartRequest() tells file and line of a start script that it cannot follow', async (t) => {
  const { ask } = await open(t, { script: '#!ipxe\n\nsanboot iscsi:x\n' });
  const { config, troubles } = await ask();
  t.regex(config, /start\.ipxe, line 3: unknown command/);
  t.like(troubles, [{ kind: 'start-trouble', name: 'node-000007' }]);
});

test('onStartRequest() takes the word of a machine whose address another server gave', async (t) => {
  const { detection, ...context } = await open(t);
  const other = { mac: '52:54:00:00:00:09', model, ip: '192.168.152.9' };
  const learn = (asked: typeof other) => detection.see(asked);
  const request = { model, mac: other.mac, isSecure: false };
  const { found, device } = await onStartRequest(request, other.ip, {
    ...context,
    detection,
    learn,
  });
  t.is(found.kind, 'bytes');
  t.like(device, { name: 'node-000009', type: 'node' });
});

test('findFile() gives everybody the files of the PXE tree, and only those', async (t) => {
  const context = await open(t);
  const pxeFolder = await temporaryFolder(t);
  await mkdir(join(pxeFolder, 'grub'));
  await writeFile(join(pxeFolder, 'grubx64.efi'), 'efi');
  await writeFile(join(pxeFolder, 'grub/grub.cfg'), 'config');
  await writeFile(join(pxeFolder, 'secret'), 'x');
  const start = () => Promise.reject(new Error('nobody asked to start'));
  const files = { ...context, pxeFolder, start };
  const stranger = '192.168.152.200';
  for (const path of ['/grubx64.efi', '//grubx64.efi', 'grub/grub.cfg']) {
    t.is((await findFile(path, stranger, files)).found.kind, 'file', path);
  }
  for (const path of ['/pxe/grubx64.efi', '/grub/grub.cfg', '/grubx64.efi']) {
    t.is((await onHttpFile(path, stranger, files))?.found.kind, 'file', path);
  }
  for (const path of ['secret', '/pxe/secret', 'revocations_sku.efi', 'shimx64.efi']) {
    t.is((await findFile(path, stranger, files)).found.kind, 'not-found', path);
  }
  t.is(await onHttpFile('/secret', stranger, files), undefined);
});
