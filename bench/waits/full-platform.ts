// A platform that has been used for long: a server with 1,000 nodes and 1,000,000 lines in its log, which is off.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Device } from '../../agent/devices/device.ts';
import { openSqliteStore } from '../../agent/store/sqlite/store.ts';
import { makeQuickImage } from '../../lab/boards/quick-image.ts';
import { defaultImage, type Lab, makeLab } from '../../lab/lab.ts';

export const NODES = 1000;
export const LINES = 1_000_000;
const STREAMS = 7;
const BATCH = 10_000;
const IMAGE = 'waltplatform/pc-x86-64-default:latest';

/** Whoever makes it closes it. */
export async function makeFullPlatform(): Promise<Lab> {
  const settings = { images: { registries: [] }, log: { keepDays: 100_000 } };
  const network = { programs: 'bundled', address: '10.66.0.1/16' } as const;
  const lab = await makeLab('waits', settings, network);
  try {
    await lab.startServer();
    const image = await makeQuickImage(defaultImage, join(lab.folder, 'quick'));
    await lab.walt('image', 'import', image, '--name', IMAGE);
    await lab.endServer('SIGTERM');
    await fill(join(lab.folder, 'state'));
    return lab;
  } catch (reason) {
    await lab.close();
    throw reason;
  }
}

async function fill(state: string): Promise<void> {
  const [root = ''] = await readdir(join(state, 'images'));
  const store = await openSqliteStore(join(state, 'walt.db'));
  try {
    const nodes = Array.from({ length: NODES }, (_, index) => nodeOf(index, root));
    await store.devices.write(nodes.map((device) => ({ kind: 'save', device })));
    for (let done = 0; done < LINES; done += BATCH) {
      const lines = Array.from({ length: BATCH }, (_, index) => lineOf(done + index));
      await store.logs.appendAll(lines).written;
    }
  } finally {
    await store.close();
  }
}

function nodeOf(index: number, root: string): Device {
  const [high, low] = [Math.floor(index / 250), (index % 250) + 1];
  const hex = [high, low].map((part) => part.toString(16).padStart(2, '0')).join(':');
  return {
    ...{ mac: `52:54:00:00:${hex}`, ip: `10.66.${high + 1}.${low}`, name: `node-${index}` },
    ...{ type: 'node', model: 'pc-x86-64', image: IMAGE, root, firstSeen: index, firstFile: index },
  };
}

function lineOf(number: number) {
  return {
    at: number * 1000,
    issuer: `node-${number % NODES}`,
    stream: `stream-${Math.floor(number / NODES) % STREAMS}`,
    line: `line ${number}: temperature 21.5, all is well here`,
  };
}
