// A machine whose kernel stands still, for ever, is reset by its watchdog: in the initrd, in walt-init, and in its system. One that
// is well is left alone. QEMU's i6300esb plays the watchdog; the initrd is that of the sources, with the driver in it.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { makeQuickImage } from '../../../lab/boards/quick-image.ts';
import { defaultImage, type Lab } from '../../../lab/lab.ts';
import { succeed } from '../../../lab/programs/run-program.ts';
import { variantOf } from '../../support/images/variant.ts';
import { eventually, openLab } from '../../support/lab.ts';

const INIT = join(import.meta.dirname, '../../../boot-artifacts/initrd/init');
const INITRD = 'boot/pc-x86-64/initrd';
/** What PCs with a card that has a piece get in its place. */
const BASE = 'boot/pc-x86-64/cards/base';
const asInitrd = (content: Uint8Array) => ({ [INITRD]: content, [BASE]: content });
const NODE = 'node-001f01';
const HEARTBEAT = 30;
/** Nothing but a watchdog ends it: the kernel would start the machine anew after `panic=30`. */
const STAND_STILL = 'echo 0 >/proc/sys/kernel/panic; echo c >/proc/sysrq-trigger';
const FIRST = `#!/bin/busybox sh
/bin/busybox insmod /watchdog.ko
/bin/busybox insmod /i6300esb.ko heartbeat=${HEARTBEAT}
exec /init-of-walt
`;

/** Puts the driver and what it stands on into the folder, from the one layer of the default image. */
async function takeDrivers(folder: string): Promise<void> {
  const script = `cd "$2"; mkdir default; tar -xf "$1" -C default; cd default
    tar -xzf "$(ls -S blobs/sha256/* | head -n 1)" --wildcards '*/watchdog/*.ko*'
    find . -name '*.ko.zst' -exec zstd -dq --rm {} +
    for name in watchdog i6300esb; do find . -name "$name.ko" -exec cp {} .. \\; ; done`;
  await succeed(['sh', '-ec', script, 'sh', defaultImage, folder], { seconds: 300 });
}

/** The initrd, with another first program laid over it. */
async function initrdOf(initrd: Buffer, folder: string, init: string): Promise<Buffer> {
  await writeFile(join(folder, 'init'), FIRST, { mode: 0o755 });
  await writeFile(join(folder, 'init-of-walt'), init, { mode: 0o755 });
  const pack =
    'cd "$1"; printf "%s\\n" init init-of-walt watchdog.ko i6300esb.ko | cpio -o -H newc --quiet';
  const { stdout } = await succeed(['sh', '-ec', pack, 'sh', folder]);
  return Buffer.concat([initrd, Buffer.alloc(-initrd.length & 3), stdout]);
}

async function makeImages({ folder }: Lab) {
  const whole = await makeQuickImage(defaultImage, join(folder, 'quick'));
  await takeDrivers(folder);
  const initrd = await readFile(join(folder, 'quick/bundle/rootfs', INITRD));
  const init = await readFile(INIT, 'utf8');
  const guarded = asInitrd(await initrdOf(initrd, folder, init));
  const stands = init.replace('\tmount_image\n', `\tsleep 5; ${STAND_STILL}\n`);
  const system = `#!/bin/busybox sh\n/bin/busybox sleep 10; ${STAND_STILL}\n`;
  return {
    well: await variantOf(whole, 'well', guarded),
    initrd: await variantOf(whole, 'initrd', asInitrd(await initrdOf(initrd, folder, stands))),
    'walt-init': await variantOf(whole, 'walt-init', {
      ...guarded,
      'bin/walt-preinit': `#!/bin/busybox sh\n${STAND_STILL}\n`,
    }),
    system: await variantOf(whole, 'system', { ...guarded, 'sbin/init': system }),
  };
}

test('a machine that stands still is reset by its watchdog, wherever it does; one that is well is not', async (t) => {
  t.timeout(40 * 60_000);
  const lab = await openLab(t, 'watchdog', { images: { registries: [] }, boot: { heal: 'off' } });
  const images = await makeImages(lab);
  await lab.startServer();
  const put = (image: string) =>
    lab.walt('image', 'import', image, '--name', 'waltplatform/pc-x86-64-default', '--yes');
  await put(images.initrd);
  const pc = await lab.startPc({
    ...{ name: 'wd', mac: '52:54:00:00:1f:01', firmware: 'bios' },
    extraArguments: ['-device', 'i6300esb', '-action', 'watchdog=reset'],
  });
  const seconds = 600;
  let after = 0;
  for (const [where, next] of [
    ['initrd', images['walt-init']],
    ['walt-init', images.system],
    ['system', images.well],
  ] as const) {
    const still = await pc.waitForSerial(/Kernel panic - not syncing/, { seconds, after });
    const shown = still.slice(after);
    t.is(/walt: the ssh server of this image/.test(shown), where !== 'initrd', where);
    after = still.length;
    await put(next);
    after = (await pc.waitForSerial(/SeaBIOS|iPXE/, { seconds, after })).length;
  }
  const show = async () => JSON.parse(await lab.walt('node', 'show', NODE, '--json'));
  await eventually(show, ({ node }) => node.state === 'booted', seconds);
  const { stages } = await show();
  const { length: running } = await pc.serial();
  await sleep(3 * HEARTBEAT * 1000);
  t.notRegex((await pc.serial()).slice(running), /SeaBIOS/);
  const later = await show();
  t.deepEqual([later.node.state, later.stages.length], ['booted', stages.length]);
});
