// How long it takes to give nodes another image with 1,000 nodes known: the decision, its transaction on disk, and
// the answer to whoever asked. What the NFS server does comes later, when a node boots. Run: node bench/images/switch-nodes.ts
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Image } from '../../agent/images/image.ts';
import { type Device, isNode } from '../../agent/nodes/device.ts';
import { ImageSwitch } from '../../agent/nodes/image-switch.ts';
import { Registry } from '../../agent/nodes/registry.ts';
import { migrate } from '../../agent/store/migrations.ts';
import { openSqlite } from '../../agent/store/sqlite.ts';
import { WriteQueue } from '../../agent/store/write-queue.ts';

const NODES = 1000;
const ROUNDS = 100;

const folder = await mkdtemp(join(tmpdir(), 'walt-bench-'));
const { database, writer } = openSqlite(join(folder, 'walt.db'));
await migrate(database);
const registry = new Registry(new WriteQueue(writer));
await registry.saveAll(Array.from({ length: NODES }, (_, index) => nodeOf(index)));

const images = new Map(['alice/a:latest', 'alice/b:latest'].map((name) => [name, imageOf(name)]));
const imageSwitch = new ImageSwitch({
  registry,
  node: (name) => {
    const node = registry.byName(name);
    if (isNode(node)) return node;
    throw new Error(`no node ${name}`);
  },
  images: {
    byName: (name) => images.get(name),
    defaultOf: () => undefined,
    alias: async (name) => imageOf(name),
  },
});

await measure('one node of 1,000', ['node-500']);
await measure(
  'all 1,000 nodes',
  Array.from({ length: NODES }, (_, index) => `node-${index}`),
);
await writer.close();
await database.destroy();
await rm(folder, { recursive: true });

async function measure(what: string, names: readonly string[]): Promise<void> {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const start = performance.now();
    const image = round % 2 === 0 ? 'a' : 'b';
    await imageSwitch.boot(image, { names, user: 'alice', takesOthers: false });
    times.push(performance.now() - start);
  }
  times.sort((left, right) => left - right);
  const at = (share: number) => (times[Math.floor(share * (ROUNDS - 1))] ?? 0).toFixed(1);
  console.log(`${what}: median ${at(0.5)} ms, 99 % ${at(0.99)} ms, most ${at(1)} ms`);
}

function nodeOf(index: number): Device {
  const [high, low] = [Math.floor(index / 250), (index % 250) + 1];
  const hex = (value: number) => value.toString(16).padStart(2, '0');
  const mac = `52:54:00:00:${hex(high)}:${hex(low)}`;
  const names = { name: `node-${index}`, model: 'pc-x86-64', image: 'alice/b:latest' };
  return {
    mac,
    ip: `10.0.${high}.${low}`,
    type: 'node',
    ...names,
    root: 'sha256:00',
    firstSeen: 0,
  };
}

function imageOf(name: string): Image {
  const empty = { labels: {}, layers: [], size: 0, created: 0, used: 0 };
  return { name, digest: 'sha256:00', models: ['pc-x86-64'], ...empty };
}
