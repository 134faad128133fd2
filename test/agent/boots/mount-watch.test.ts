import test from 'ava';
import type { BootSignal } from '../../../agent/boot/progress.ts';
import { MountWatch } from '../../../agent/boots/mount-watch.ts';
import { put } from '../../support/put.ts';
import { openRecords } from '../../support/records.ts';

const mac = '52:54:00:f2:67:82';
const ip = '192.168.152.2';
const discover: BootSignal = { kind: 'dhcp', speaker: 'walt-loader', message: 'discover' };
const file: BootSignal = {
  ...{ kind: 'file', path: 'kernel', via: 'tftp', bytes: 1, ms: 1, retries: 0 },
  outcome: 'complete',
};
const mounted = [{ kind: 'signal', mac, signal: { kind: 'mounted' } }];

/** A node that boots, and the ports from which it is connected to the NFS server. */
async function open() {
  const records = await openRecords();
  const { registry, boots, publish } = records;
  const node = { mac, ip, name: 'pc', type: 'node', model: 'pc-x86-64', firstSeen: 1 } as const;
  await put(registry, { ...node, image: 'a/b:latest', root: 'k' });
  const ports = new Set<number>();
  const connections = async () => new Map([[ip, new Set(ports)]]);
  const watch = new MountWatch({ boots, registry, connections });
  const signal = (...signals: BootSignal[]) =>
    publish(signals.map((one) => ({ kind: 'signal', mac, signal: one })));
  const look = async () => {
    const events = await watch.look();
    publish(events);
    return events;
  };
  return { ports, signal, look };
}

test('MountWatch sees the mount of a node that has fetched its files, once', async (t) => {
  const { ports, signal, look } = await open();
  signal(discover);
  t.deepEqual(await look(), []);
  signal(file);
  t.deepEqual(await look(), []);
  ports.add(700);
  t.deepEqual(await look(), mounted);
  t.deepEqual(await look(), []);
});

test('MountWatch does not take the connection of a boot that was cut off for the mount of the next', async (t) => {
  const { ports, signal, look } = await open();
  ports.add(700);
  signal(discover);
  await look();
  signal(file);
  t.deepEqual(await look(), [], 'the server has not noticed yet that the old one is dead');
  ports.add(701);
  t.deepEqual(await look(), mounted);
});

test('MountWatch begins anew with each boot of a node', async (t) => {
  const { ports, signal, look } = await open();
  signal(discover, file);
  await look();
  ports.add(700);
  signal(discover);
  t.deepEqual(await look(), [], 'of the try before');
  signal(file);
  t.deepEqual(await look(), []);
  ports.delete(700);
  ports.add(702);
  t.deepEqual(await look(), mounted);
});

test('MountWatch leaves a node alone that does not load', async (t) => {
  const { ports, signal, look } = await open();
  ports.add(700);
  t.deepEqual(await look(), []);
  signal(discover, file, { kind: 'booted' });
  t.deepEqual(await look(), []);
});
