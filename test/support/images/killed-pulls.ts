// A pull that is killed at any moment, again and again: an image is whole or it is not there.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { randomNumbers } from '../../../lab/random-numbers.ts';
import { startRegistry } from '../../../lab/servers/oci-registry.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { openImageStore } from './image-store.ts';
import { BOOTABLE, makeLayout, tar } from './tar.ts';

const NAME = 'waltplatform/pc-x86-64-default:latest';
const BASE = 'alice/base:latest';
/** Of its layers, those that the image below has. */
const BELOW = 3;
const LAYERS = 4;
const FILES = 150;

/** Paths with sizes of everything below a folder. */
async function contentOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const lines = entries.map(async (entry) => {
    const path = join(entry.parentPath, entry.name);
    const size = entry.isFile() ? (await stat(path)).size : 0;
    return `${path.slice(folder.length)} ${size}`;
  });
  return (await Promise.all(lines)).toSorted();
}

/** How often it is killed; where it has a base, some of its layers are here before. */
export type Kills = { readonly rounds: number; readonly hasBase: boolean };

/** Both kinds at once: most of the time a pull waits for the disk and for other programs. */
export function testKilledPulls(rounds: {
  readonly alone: number;
  readonly withBase: number;
}): void {
  const cases = [
    { title: 'an image', rounds: rounds.alone, hasBase: false },
    { title: 'an image whose base is here', rounds: rounds.withBase, hasBase: true },
  ];
  for (const { title, ...kills } of cases) {
    test(`${title}, its pull killed at any moment, is whole or not there`, async (t) => {
      t.timeout(10 * 60_000);
      await killPulls(t, kills);
    });
  }
}

async function killPulls(t: ExecutionContext, { rounds, hasBase }: Kills): Promise<void> {
  const folder = await temporaryFolder(t);
  const random = randomNumbers(50);
  const bytes = (length: number) => Buffer.from(Array.from({ length }, () => random() * 256));
  const layers = Array.from({ length: LAYERS }, (_, layer) => [
    { path: `data/${layer}`, content: bytes(300_000) },
    ...Array.from({ length: FILES }, (_, at) => ({ path: `many/${layer}/${at}`, content: 'x' })),
  ]);
  const tars = [BOOTABLE, ...layers].map(tar);
  const layout = await makeLayout(join(folder, 'made'), tars);
  const base = await makeLayout(join(folder, 'base'), tars.slice(0, BELOW));
  const provide = async (place: string) => {
    if (!hasBase) return;
    const { store, progress } = await openImageStore(place, { maxBytes: 100e6 });
    await store.import(base, { name: BASE, progress });
  };
  const registry = await startRegistry(join(folder, 'registry'));
  t.teardown(registry.stop);
  await registry.push(layout, NAME);

  const whole = await openImageStore(join(folder, 'whole'), { maxBytes: 100e6 });
  await whole.store.import(layout, { name: NAME, progress: whole.progress });
  const expected = await contentOf(whole.store.rootOf(whole.store.keyOf(NAME) ?? ''));

  const program = join(import.meta.dirname, 'processes/pull-process.ts');
  const pull = async (place: string, killAfter?: number) => {
    const child = spawn(process.execPath, [program, place, registry.address, NAME], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let said = '';
    child.stdout.on('data', (text) => {
      said += text;
    });
    const closed = once(child, 'close');
    for (let tries = 0; !said.includes('begin') && tries < 3000; tries += 1) await sleep(10);
    const began = performance.now();
    if (killAfter !== undefined) {
      await sleep(killAfter);
      child.kill('SIGKILL');
    }
    await closed;
    return { said, ms: performance.now() - began };
  };

  await provide(join(folder, 'undisturbed'));
  const { said, ms } = await pull(join(folder, 'undisturbed'));
  t.regex(said, /done\n$/);
  const place = join(folder, 'killed');
  await provide(place);
  const below = hasBase ? await readdir(join(place, 'state/images')) : [];
  let finished = 0;
  for (let round = 0; round < rounds; round += 1) {
    const { said } = await pull(place, random() * ms);
    if (said.includes('done')) finished += 1;
    // What is whole is mounted at the next start at the latest.
    await openImageStore(place);
    const all = await readdir(join(place, 'state/images'));
    const images = all.filter((name) => !below.includes(name));
    for (const image of images) {
      t.deepEqual(await contentOf(join(place, 'state/images', image, 'fs')), expected);
    }
    // What one round finished, the next would not have to do.
    if (images.length > 0) await sweep(place);
  }
  t.true(finished < rounds, 'pulls were interrupted');
  const last = await pull(place);
  t.regex(last.said, /done\n$/);
  const again = await openImageStore(place);
  t.is(again.store.all().length, hasBase ? 2 : 1);
  t.deepEqual(await contentOf(again.store.rootOf(again.store.keyOf(NAME) ?? '')), expected);
  t.deepEqual((await again.rest()).tmp, []);
  const kept = await again.rest();
  t.is(kept.blobs.length, hasBase ? 4 : 2, 'each image has a manifest and a configuration');
  t.is(kept.layers.length, LAYERS + 1, 'no layer but those of images');
}

/** Takes the image away, so that the next round has something to do. */
async function sweep(place: string): Promise<void> {
  const { store } = await openImageStore(place);
  if (store.byName(NAME) !== undefined) await store.remove(NAME);
  await store.collect(() => []);
}
