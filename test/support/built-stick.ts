// A stick for a test of its own, built from the sources here.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { placesOf } from '../../scripts/inputs/fetch.ts';
import { buildMedium } from '../../scripts/media/build.ts';
import { pcUsb } from '../../scripts/media/pc-usb.ts';
import { $ } from '../../scripts/run.ts';

const ROOT = join(import.meta.dirname, '../..');

/** @returns the stick, ready for a virtual PC, and the folder of the test that it is in */
export async function buildStick(
  t: ExecutionContext,
): Promise<{ folder: string; usbDisk: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'walt-built-stick-'));
  t.teardown(() => rm(folder, { recursive: true }));
  const { file } = await buildMedium(pcUsb.plan(), {
    root: ROOT,
    places: placesOf(process.env, ROOT),
    to: folder,
    path: process.env.PATH ?? '',
  });
  await $`gunzip ${file}`;
  return { folder, usbDisk: file.replace(/\.gz$/, '') };
}
