// Default images of Raspberry Pis on QEMU's ARM machines, which share them: our U-Boot as firmware, the real server.
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { Firmware } from '../../../agent/machines/firmware.ts';
import { placesOf } from '../../../scripts/inputs/fetch.ts';
import { buildUBoots } from '../../../scripts/u-boot/build.ts';
import { eventually, openLab } from '../../support/lab.ts';

const ROOT = join(import.meta.dirname, '../../..');
const IP = '192.168.152.2';
const MAC = '52:54:00:00:a2:01';
const NAME = 'node-00a201';
const BOOT_SECONDS = 900;

type ArmMachine = {
  readonly model: 'qemu-arm64' | 'qemu-arm';
  readonly firmware: Firmware;
  /** Name of the default image. */
  readonly image: string;
  /** What `uname -m` says. */
  readonly machine: string;
};

const machines: readonly ArmMachine[] = [
  { model: 'qemu-arm64', firmware: 'u-boot-arm64', image: 'rpi-arm64', machine: 'aarch64' },
  { model: 'qemu-arm', firmware: 'u-boot-arm', image: 'rpi-armhf', machine: 'armv7l' },
];

for (const machine of machines) {
  const { model, image } = machine;
  test.serial(`${model} tries until the server is there, then boots image ${image}`, (t) =>
    bootsOnceServerIsThere(t, machine),
  );
}

async function bootsOnceServerIsThere(
  t: ExecutionContext,
  { model, firmware, image, machine }: ArmMachine,
): Promise<void> {
  t.timeout(40 * 60_000);
  const folders = await buildUBoots([model], { root: ROOT, places: placesOf(process.env, ROOT) });
  const lab = await openLab(t, model.replace('qemu-', ''), { time: { trust: 'yes' } });
  await lab.startServer();
  await lab.walt('image', 'import', join(ROOT, `release/dist/images/${image}.oci.tar`));
  await lab.endServer('SIGTERM');

  const bios = join(folders[model], 'u-boot.bin');
  // As without a battery for its clock, which no Raspberry Pi before the 5 has.
  const extraArguments = ['-rtc', 'base=2010-01-01'];
  const board = await lab.startMachine({ name: model, mac: MAC, firmware, bios, extraArguments });
  const tried = await board.waitForSerial(/walt: no DHCP answer/, { seconds: 300 });
  t.true(tried.includes(`walt: this is a node of model ${model}`));
  await lab.startServer();
  const log = () => lab.walt('log', 'show', '--platform', '--history', 'full');
  await eventually(log, (text) => text.includes(`new node name=${NAME} model=${model} `), 300);
  await lab.walt('node', 'wait', NAME, '--timeout', String(BOOT_SECONDS));

  const { stages } = JSON.parse(await lab.walt('node', 'show', NAME, '--json'));
  const kinds = stages.map(({ stage }: { stage: string }) => stage);
  t.deepEqual([...new Set(kinds)], ['dhcp', 'file', 'mounted', 'booted']);
  const files = stages.filter(({ path }: { path?: string }) => path !== undefined);
  t.deepEqual(
    files.map(({ path, outcome }: { path: string; outcome: string }) => `${path} ${outcome}`),
    [
      ...['start.uboot complete', 'kernel complete', 'initrd complete'],
      ...['walt-identity complete', 'walt-facts complete'],
    ],
  );
  t.regex(await lab.ssh(IP, 'dmesg'), /the clock was off by \d{9} s, and was set to the time/);
  const off = Number(await lab.ssh(IP, 'date +%s')) - Date.now() / 1000;
  t.true(Math.abs(off) < 60, `the clock of the node is off by ${off} s`);
  t.is(await lab.ssh(IP, 'uname -m'), `${machine}\n`);
  t.is(await lab.ssh(IP, 'hostname'), `${NAME}\n`);
  t.is(await lab.ssh(IP, 'systemctl --failed --no-legend'), '');
}
