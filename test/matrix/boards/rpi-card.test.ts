// The card for Raspberry Pis: what is on it, and that its U-Boots, on QEMU's boards, try for ever and write nothing.
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { contentOf, filesOf, PARTITION } from '../../../lab/boards/card-files.ts';
import { qemuBoards } from '../../../lab/boards/raspberry-pi.ts';
import { type RaspberryPi, raspberryPis, uBoots } from '../../../scripts/boards.ts';
import { IMAGE_BYTES, readEepromFile } from '../../../scripts/eeprom/image.ts';
import { filesNamedIn } from '../../../scripts/media/rpi-config.ts';
import { $ } from '../../../scripts/run.ts';
import { startBoard } from '../../support/boards/rpi-board.ts';
import {
  buildCard,
  type Card,
  cardFrom,
  hasEeprom,
  ROOT,
  sha256Of,
  vendorEeprom,
} from '../../support/boards/rpi-card.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** Where the ROM puts what it loads from a card: 128 KiB of cache, before there is memory. */
const ROM_BYTES = 128 * 1024;
/** 32-bit U-Boot is loaded at 32 KiB and scripts at 36 MiB (include/configs/rpi.h): far less is enough. */
const U_BOOT_BYTES = 1024 * 1024;

let built: Promise<Card> | undefined;

/** Built once for all tests: U-Boot's first compilation takes minutes. */
async function card(t: ExecutionContext): Promise<Card> {
  t.timeout(20 * 60_000);
  built ??= buildCard(join(ROOT, 'release/dist'));
  return built;
}

async function readyCard(t: ExecutionContext): Promise<string> {
  const { archive } = await card(t);
  return cardFrom(archive, await temporaryFolder(t));
}

/** What each model's firmware loads, besides its U-Boot (Raspberry Pi documentation, "Boot folder contents"). */
function firmwareOf({ processor }: RaspberryPi): string[] {
  return processor === 'BCM2711'
    ? ['start4.elf', 'fixup4.dat']
    : ['bootcode.bin', 'start.elf', 'fixup.dat'];
}

test.serial(
  'every file that a model needs is on a FAT32 card, and none is larger than may be',
  async (t) => {
    const fat = await readyCard(t);
    await $`fsck.fat -n ${fat}`;
    const files = await filesOf(fat);
    const config = (await contentOf(fat, 'config.txt')).toString();
    for (const file of filesNamedIn(config)) t.true(files.has(file), `${file} of config.txt`);
    for (const board of raspberryPis) {
      const trees = board.deviceTrees.map(({ firmware }) => `${firmware}.dtb`);
      for (const file of [...firmwareOf(board), ...trees, uBoots[board.uBoot].file]) {
        t.true((files.get(file) ?? 0) > 0, `${file} for ${board.model}`);
      }
      t.true((files.get(uBoots[board.uBoot].file) ?? Infinity) < U_BOOT_BYTES);
      for (const file of trees) {
        t.is((await contentOf(fat, file)).readUInt32BE(0), 0xd00dfeed, `${file} is a device tree`);
      }
    }
    t.true((files.get('bootcode.bin') ?? Infinity) <= ROM_BYTES);
    for (const licence of ['u-boot', 'raspi-firmware'])
      t.true(files.has(`licences/${licence}.txt`));
  },
);

test.serial('device trees suit the overlays of the PoE HATs', async (t) => {
  const folder = await temporaryFolder(t);
  const fat = await readyCard(t);
  for (const tree of ['bcm2710-rpi-3-b-plus', 'bcm2711-rpi-4-b']) {
    for (const overlay of ['rpi-poe', 'rpi-poe-plus']) {
      await $`mcopy -o -i ${fat} ${`::/${tree}.dtb`} ${`::/overlays/${overlay}.dtbo`} ${folder}`;
      await $`fdtoverlay -i ${join(folder, `${tree}.dtb`)} -o ${join(folder, 'both')} ${join(folder, `${overlay}.dtbo`)}`;
      const { stdout } = await $`fdtget -t s ${join(folder, 'both')} /poe-fan compatible`;
      t.is(stdout.trim(), 'pwm-fan');
    }
  }
});

const testEeprom = hasEeprom ? test.serial : test.serial.skip;

testEeprom(
  "the EEPROM image on the card has our settings, the vendor's code and a right signature (needs the vendor's files)",
  async (t) => {
    const fat = await readyCard(t);
    const image = await contentOf(fat, 'pieeprom.upd');
    t.true(image.equals(await contentOf(fat, 'pieeprom.bin')));
    t.is(image.length, IMAGE_BYTES);
    const settings = Buffer.from(readEepromFile(image, 'bootconf.txt')).toString();
    for (const line of [
      'BOOT_ORDER=0xf12',
      'DHCP_REQ_TIMEOUT=500',
      'BOOT_UART=1',
      'MAX_RESTARTS=-1',
    ]) {
      t.true(settings.split('\n').includes(line), line);
    }
    // Each line has a comment above it that says what for, and names what the documentation calls it.
    t.regex(settings, /^# WalT(.*\n)+\[all\]\n(#.*\n\w+=.*\n(\w+=.*\n)?)+$/);
    const signature = (await contentOf(fat, 'pieeprom.sig')).toString();
    const sha256 = createHash('sha256').update(image).digest('hex');
    t.regex(signature, new RegExp(`^${sha256}\nts: \\d+\n$`));
    const code = image.indexOf('bootconf.txt') - 8;
    t.true(image.subarray(0, code).equals((await vendorEeprom()).subarray(0, code)));
    t.true((await contentOf(fat, 'recovery.bin')).length <= ROM_BYTES);
  },
);

test.serial('the card image has one FAT32 partition with the files of the archive', async (t) => {
  const { archive, image } = await card(t);
  const folder = await temporaryFolder(t);
  const disk = join(folder, 'rpi-sd.img');
  await $`gzip -dc ${image} > ${disk}`;
  const { partitiontable } = JSON.parse((await $`sfdisk --json ${disk}`).stdout);
  t.is(partitiontable.partitions.length, 1);
  t.is(partitiontable.partitions[0].type, 'c');
  t.is(partitiontable.partitions[0].start * 512, PARTITION);
  await $`tail -c +${PARTITION + 1} ${disk} > ${disk}.partition && fsck.fat -n ${disk}.partition`;
  const fat = await cardFrom(archive, folder);
  const files = [...(await filesOf(fat)).keys()].sort();
  t.deepEqual([...(await filesOf(`${disk}@@${PARTITION}`)).keys()].sort(), files);
  for (const path of files) {
    const same = (await contentOf(fat, path)).equals(
      await contentOf(`${disk}@@${PARTITION}`, path),
    );
    t.true(same, path);
  }
});

/** The card image, as `dd` would write it. */
async function writtenCard(t: ExecutionContext): Promise<string> {
  const { image } = await card(t);
  const disk = join(await temporaryFolder(t), 'rpi-sd.img');
  await $`gzip -dc ${image} > ${disk}`;
  return disk;
}

for (const machine of qemuBoards) {
  test.serial(
    `${machine.machine} without network tries, resets and tries again, whatever is typed, and never writes the card`,
    async (t) => {
      const disk = await writtenCard(t);
      const before = await sha256Of(disk);
      const board = await startBoard(t, machine, { disk });
      const typing = setInterval(() => board.child.stdin?.write('\u0003 \r\u001bx'), 200);
      t.teardown(() => clearInterval(typing));
      await board.waitFor(/(U-Boot 2023[\s\S]*walt: resetting the board[\s\S]*){2}/, 240);
      t.regex(board.said, new RegExp(`walt: this is a node of model ${machine.model}\\s`));
      t.notRegex(board.said, /U-Boot>/);
      await board.kill();
      t.is(await sha256Of(disk), before);
    },
  );
}

test.serial('a shell that is reached all the same ends in a reset', async (t) => {
  const board = await startBoard(t, qemuBoards[0], {
    disk: await writtenCard(t),
    // Without its command U-Boot has nothing to do but to give a prompt.
    edit: (code) => {
      const at = code.indexOf('bootcmd=run node_identify;');
      t.true(at > 0);
      code.write('Xootcmd', at);
      return code;
    },
  });
  await board.waitFor(/U-Boot>/, 60);
  await t.notThrowsAsync(board.waitFor(/U-Boot>[\s\S]*resetting[\s\S]*U-Boot 2023/i, 120));
});
