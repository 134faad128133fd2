// A server's exports alone, in the network of whoever starts it: `node serve-exports.ts FOLDER NODES`. Prints a line of JSON: milliseconds
// until one more node, and another image of a node, are served by nfs-ganesha beside so many nodes.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createNfsServer } from '../../agent/nfs/create.ts';
import type { NfsExport } from '../../agent/nfs/export.ts';
import { parseCidr } from '../../agent/protocol/ip.ts';
import { median } from '../harness/compare.ts';

const ROUNDS = 3;
const [folder = '', count = '1000'] = process.argv.slice(2);
const images = ['first', 'second'].map((name) => join(folder, 'images', name));
for (const image of images) await mkdir(image, { recursive: true });
const server = await createNfsServer('ganesha', {
  subnet: parseCidr('10.66.0.1/16'),
  folder: join(folder, 'nfs'),
  onProblem: console.error,
});
await server.start();
try {
  const nodes = Array.from({ length: Number(count) }, (_, index) => exportOf(index));
  const all = await milliseconds(nodes);
  const [added, changed]: [number[], number[]] = [[], []];
  for (let round = 0; round < ROUNDS; round += 1) {
    added.push(await milliseconds([...nodes, exportOf(nodes.length)]));
    await server.apply(nodes);
    nodes[0] = exportOf(0, 1 - (round % 2));
    changed.push(await milliseconds(nodes));
  }
  console.log(JSON.stringify({ all, added: median(added), changed: median(changed) }));
} finally {
  await server.stop();
}

async function milliseconds(exports: readonly NfsExport[]): Promise<number> {
  const begun = performance.now();
  await server.apply(exports);
  return performance.now() - begun;
}

function exportOf(index: number, image = 0): NfsExport {
  const [high, low] = [Math.floor(index / 250), (index % 250) + 1];
  const hex = [high, low].map((part) => part.toString(16).padStart(2, '0')).join(':');
  const imagePath = images[image] ?? '';
  return { ip: `10.66.${high + 1}.${low}`, mac: `52:54:00:00:${hex}`, imagePath };
}
