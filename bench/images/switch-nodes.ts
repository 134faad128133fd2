// How long it takes to give nodes another image with 1,000 nodes known: the decision, its transaction on disk, and
// the answer to whoever asked. What the NFS server does comes later, when a node boots.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Device, isNode } from '../../agent/devices/device.ts';
import { Registry } from '../../agent/devices/registry.ts';
import type { Image } from '../../agent/images/content/image.ts';
import { ImageSwitch } from '../../agent/nodes/image-switch.ts';
import { openSqliteStore } from '../../agent/store/sqlite/store.ts';
import { median } from '../harness/compare.ts';

const NODES = 1000;
const ROUNDS = 100;

type Switches = {
  readonly what: string;
  /** milliseconds */
  readonly median: number;
  readonly most: number;
  /** what the slowest of all is to stay below */
  readonly aim?: number;
};

export async function measureSwitches(): Promise<Switches[]> {
  const folder = await mkdtemp(join(tmpdir(), 'walt-bench-'));
  const store = await openSqliteStore(join(folder, 'walt.db'));
  try {
    const registry = new Registry({ records: store.devices });
    const nodes = Array.from({ length: NODES }, (_, index) => nodeOf(index));
    await registry.changeAll(nodes.map((node) => [node.mac, () => node]));
    const imageSwitch = switchOf(registry);
    const all = Array.from({ length: NODES }, (_, index) => `node-${index}`);
    return [
      { what: 'one node of 1,000', aim: 100, ...(await measure(imageSwitch, ['node-500'])) },
      { what: 'all 1,000 nodes', ...(await measure(imageSwitch, all)) },
    ];
  } finally {
    await store.close();
    await rm(folder, { recursive: true });
  }
}

function switchOf(registry: Registry): ImageSwitch {
  const images = new Map(['alice/a:latest', 'alice/b:latest'].map((name) => [name, imageOf(name)]));
  return new ImageSwitch({
    registry,
    publish: () => undefined,
    node: (name) => {
      const node = registry.byName(name);
      if (isNode(node)) return node;
      throw new Error(`no node ${name}`);
    },
    images: {
      byName: (name) => images.get(name),
      all: () => [],
      defaultOf: () => undefined,
      alias: async (name) => imageOf(name),
    },
  });
}

async function measure(imageSwitch: ImageSwitch, names: readonly string[]) {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const start = performance.now();
    const image = round % 2 === 0 ? 'a' : 'b';
    await imageSwitch.boot(image, { names, user: 'alice', takesOthers: false });
    times.push(performance.now() - start);
  }
  return { median: median(times), most: Math.max(...times) };
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
