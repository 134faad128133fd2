import { join } from 'node:path';
import test from 'ava';
import type { BootSignal } from '../../../agent/boot/progress.ts';
import { lastFailedWarm } from '../../../agent/boots/failed-warm.ts';
import { nodeNamed } from '../../support/nodes/node-named.ts';
import { put } from '../../support/put.ts';
import { openRecords } from '../../support/records.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const IMAGE = 'sha256:one';
const node = nodeNamed('pc', { ip: '192.168.152.2', model: 'pc-x86-64', root: IMAGE });

const file = (path: string): BootSignal => ({
  ...{ kind: 'file', path, via: 'http', bytes: 1, ms: 1, retries: 0, outcome: 'complete' },
});
const start = (card: string) => file(`/walt/pc-x86-64/${node.mac}/${card}start.grub`);
const kexec = start('card/01-80-86-10-0e/');
const booted: BootSignal = { kind: 'booted' };
const mounted: BootSignal = { kind: 'mounted' };
const told: BootSignal = { kind: 'down', cause: 'reboot requested', method: 'soft' };
const cycled: BootSignal = { kind: 'down', cause: 'power cycle requested', method: 'hard' };
const IPXE: readonly BootSignal[] = [
  { kind: 'dhcp', speaker: 'walt-loader', message: 'discover' },
  ...[file('start.ipxe'), file('kernel'), mounted, booted],
];
const system: BootSignal = { kind: 'dhcp', speaker: 'system', message: 'request' };
const GRUB = [system, start('secure/'), file('kernel'), mounted, booted];
const HUNG = [told, kexec, file('kernel'), file('initrd')];

type Records = Awaited<ReturnType<typeof openRecords>>;

async function say({ publish, store }: Records, ...signals: BootSignal[]): Promise<void> {
  for (const signal of signals) publish([{ kind: 'signal', mac: node.mac, signal }]);
  await store.flush();
}

/** Whether it is remembered of the node that it did not come up by kexec with this image. */
async function isRemembered({ boots, store }: Records, image = IMAGE): Promise<boolean> {
  const found = await lastFailedWarm({ mac: node.mac, image }, { boots, records: store.boots });
  return found !== undefined;
}

/** Lines of the log that say so. */
async function linesOf(records: Records): Promise<string[]> {
  // What was published meanwhile is in the log: reading takes turns of its own.
  await records.boots.lastOf(node.mac, 2);
  await records.boots.lastOf(node.mac, 2);
  await records.store.flush();
  return records.printed.filter((line) => line.includes('by kexec'));
}

for (const [loader, boot] of [
  ['iPXE', IPXE],
  ['GRUB', GRUB],
] as const) {
  test(`a boot by kexec that hung is remembered once the machine boots by ${loader}, and said once`, async (t) => {
    const records = await openRecords();
    await put(records.registry, node);
    await say(records, ...boot, ...HUNG);
    t.deepEqual(await linesOf(records), []);
    await say(records, ...boot);
    t.true(await isRemembered(records));
    await say(records, told, ...boot);
    t.true(await isRemembered(records));
    t.deepEqual(await linesOf(records), [
      'platform.nodes -> node pc does not come up: by kexec it ended while it loaded files (last asked for initrd by http: complete); it ' +
        'reboots by its firmware while it has this image',
    ]);
    await records.store.close();
  });
}

for (const [what, signals] of [
  ['its power was cycled', [...HUNG, mounted, cycled]],
  ['it began anew by itself', [...HUNG, mounted]],
  ['kexec got nothing to start', [told, kexec]],
] as const) {
  test(`a boot by kexec that did not come up is remembered where ${what}`, async (t) => {
    const records = await openRecords();
    await put(records.registry, node);
    await say(records, ...GRUB, ...signals, ...GRUB);
    t.true(await isRemembered(records));
    await records.store.close();
  });
}

for (const [what, signals] of [
  ['it came up', [...HUNG, mounted, booted, told]],
  ['it was told to reboot before it was up', [...HUNG, mounted, told]],
  ['it began by a loader', [told, start('secure/'), file('kernel')]],
] as const) {
  test(`a boot is not remembered where ${what}`, async (t) => {
    const records = await openRecords();
    await put(records.registry, node);
    await say(records, ...GRUB, ...signals, ...GRUB);
    t.false(await isRemembered(records));
    t.deepEqual(await linesOf(records), []);
    await records.store.close();
  });
}

for (const [what, signals] of [
  ['it hung', HUNG],
  ['kexec got nothing to start', [told, kexec]],
] as const) {
  test(`a boot by kexec that did not come up is remembered where the server started anew after ${what}`, async (t) => {
    const database = join(await temporaryFolder(t), 'walt.db');
    const first = await openRecords(database);
    await put(first.registry, node);
    await say(first, ...GRUB, ...signals);
    await first.store.close();
    const second = await openRecords(database);
    await say(second, ...GRUB);
    t.true(await isRemembered(second));
    t.is((await linesOf(second)).length, 1);
    await second.store.close();
  });
}

test('a boot that fails again and again without kexec is not looked up on the disk', async (t) => {
  const records = await openRecords();
  await put(records.registry, node);
  const looks: number[] = [];
  const { before } = records.store.boots;
  Object.assign(records.store.boots, {
    before: (...[boot, most]: Parameters<typeof before>) => {
      looks.push(boot.id);
      return before(boot, most);
    },
  });
  const failing = [start(''), file('kernel')];
  await say(records, ...GRUB, told, ...failing, ...failing, start(''));
  await records.store.flush();
  t.deepEqual(looks, []);
  await say(records, ...GRUB, ...HUNG, start(''));
  await records.store.flush();
  t.is(looks.length, 1);
  await records.store.close();
});

test('a boot by kexec that hung says nothing of another image', async (t) => {
  const records = await openRecords();
  await put(records.registry, node);
  await say(records, ...IPXE, ...HUNG, ...IPXE);
  t.false(await isRemembered(records, 'sha256:two'));
  await records.store.close();
});

test('a boot by kexec that hung is remembered where the server lays another node side over the same image', async (t) => {
  const records = await openRecords();
  const withSide = (version: string) => `${IMAGE}-${version}`;
  await put(records.registry, { ...node, root: withSide('0a1b2c3d4e5f') });
  await say(records, ...IPXE, ...HUNG, ...IPXE);
  t.true(await isRemembered(records, withSide('f5e4d3c2b1a0')));
  t.true(await isRemembered(records, withSide('f5e4d3c2b1a0-00112233')));
  t.false(await isRemembered(records, 'sha256:one1-0a1b2c3d4e5f'));
  await records.store.close();
});

test('a boot by kexec that hung is remembered by the next run of the server, while its boot is among the last twenty', async (t) => {
  const database = join(await temporaryFolder(t), 'walt.db');
  const first = await openRecords(database);
  await put(first.registry, node);
  await say(first, ...IPXE, ...HUNG, ...IPXE);
  await first.store.close();
  const second = await openRecords(database);
  t.true(await isRemembered(second));
  for (let boot = 2; boot < 20; boot += 1) await say(second, told, ...IPXE);
  t.true(await isRemembered(second));
  await say(second, told, ...IPXE);
  t.false(await isRemembered(second));
  await second.store.close();
});
