// Builds of U-Boot that a quick check has no time for: the one of 32 bits, the same bytes wherever they are made, and the one for
// debugging.
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { Background } from '../../../lab/programs/background.ts';
import { placesOf } from '../../../scripts/inputs/fetch.ts';
import { buildUBoots } from '../../../scripts/u-boot/build.ts';
import { asksAndTells } from '../../support/boards/u-boot-machine.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const ROOT = join(import.meta.dirname, '../../..');
const places = placesOf(process.env, ROOT);
const MINUTES = 60_000;

test.serial(
  'qemu-arm: asks again while there is no start.uboot, then runs it; every model is told right',
  (t) => asksAndTells(t, 'qemu-arm'),
);

test.serial('two builds of U-Boots have the same bytes, wherever they are made', async (t) => {
  t.timeout(30 * MINUTES);
  const names = ['qemu-arm64', 'armv6'] as const;
  const { cache: _, ...others } = places;
  const elsewhere = { ...others, cache: join(await temporaryFolder(t), 'a/b') };
  await mkdir(elsewhere.cache, { recursive: true });
  const usual = await buildUBoots(names, { root: ROOT, places });
  const again = await buildUBoots(names, { root: ROOT, places: elsewhere });
  const content = (folder: string) => readFile(join(folder, 'u-boot.bin'));
  for (const name of names) {
    t.true((await content(usual[name])).equals(await content(again[name])), name);
  }
});

test.serial('the U-Boot for debugging stops at a key, and its prompt stays', async (t) => {
  t.timeout(30 * MINUTES);
  const folders = await buildUBoots(['qemu-arm64'], { root: ROOT, places, isDebug: true });
  const board = new Background(
    [
      ...['qemu-system-aarch64', '-M', 'virt', '-cpu', 'cortex-a57', '-m', '512'],
      ...['-display', 'none', '-monitor', 'none', '-serial', 'stdio'],
      ...['-bios', join(folders['qemu-arm64'], 'u-boot.bin')],
    ],
    { hasInput: true },
  );
  t.teardown(() => board.kill());
  await board.waitFor(/stop autoboot/, 60);
  board.child.stdin?.write('x');
  await board.waitFor(/=> *$/, 30);
  board.child.stdin?.write('printenv node_console\r');
  await board.waitFor(/node_console=setenv ncip/, 30);
  t.notRegex(board.said, /this is a node/);
});
