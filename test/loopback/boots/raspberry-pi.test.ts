// Raspberry Pis without a card, played by their boot loaders' packets, against the server as it runs.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { runFirmware, runUBoot } from '../../../lab/firmware/boot.ts';
import { type Board, firmwares } from '../../../lab/firmware/firmwares.ts';
import { Station } from '../../../lab/firmware/station.ts';
import type { Lab } from '../../../lab/lab.ts';
import { plugWire, type Wire } from '../../../lab/network/wire.ts';
import { makeTinyImage } from '../../support/images/tiny-image.ts';
import { openLab } from '../../support/lab.ts';

type FirmwareName = keyof typeof firmwares;
type Device = Record<'name' | 'ip' | 'mac' | 'type', string> & {
  model: string | null;
  serial: string | null;
};

/** What the folder of the server holds, and what it must not give away. */
const OURS = [
  ...['bootcode.bin', 'config.txt', 'start.elf', 'fixup.dat', 'start4.elf', 'fixup4.dat'],
  ...['u-boot-arm64.bin', 'bcm2710-rpi-3-b.dtb', 'bcm2710-rpi-3-b-plus.dtb', 'bcm2711-rpi-4-b.dtb'],
  'overlays/disable-bt.dtbo',
];
const NOT_FOR_THEM = ['pieeprom.sig', 'pieeprom.upd', 'vl805.sig', 'recover4.elf', 'recovery.elf'];

/** More than 64 blocks, and no two blocks alike. */
const contentOf = (path: string) =>
  Buffer.from(Array.from({ length: 6000 }, (_, at) => `${path} ${at}\n`).join(''));

async function openPiLab(t: ExecutionContext, name: string): Promise<{ lab: Lab; wire: Wire }> {
  const folder = await mkdtemp(join(tmpdir(), `walt-rpi-${name}-`));
  t.teardown(() => rm(folder, { recursive: true }));
  for (const path of [...OURS, ...NOT_FOR_THEM]) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), contentOf(path));
  }
  const lab = await openLab(t, name, { rpi: { folder } });
  const wire = await plugWire(lab.namespace, 'pis');
  t.teardown(() => wire.close());
  return { lab, wire };
}

/** Images for `models`, as the names of default images ask for them. */
async function importImages(lab: Lab, models: readonly string[]): Promise<void> {
  for (const model of models) {
    const files = ['bin/busybox', 'sbin/init', ...bootFiles(model)];
    const layout = await makeTinyImage(join(lab.folder, `image-${model}`), {
      files,
      labels: { 'walt.node.models': model },
      architecture: 'arm64',
    });
    await lab.walt('image', 'import', layout, '--name', `waltplatform/${model}-default:latest`);
  }
}

/** The device tree has the name of the firmware's. */
const bootFiles = (model: string) =>
  ['start.uboot', 'kernel', 'initrd', 'bcm2711-rpi-4-b.dtb'].map((f) => `boot/${model}/${f}`);

const boardOf = (number: number, prefix = 'b8:27:eb'): Board => ({
  mac: `${prefix}:a0:00:${number.toString(16).padStart(2, '0')}`,
  serial: (0xe1ff0000 + number).toString(16),
});

async function devicesOf(lab: Lab): Promise<Device[]> {
  return JSON.parse(await lab.walt('device', 'show', '--json')).devices;
}

/** Runs firmware, and checks what each of its files came to. */
async function checkFirmware(
  t: ExecutionContext,
  wire: Wire,
  { board, name, busyMs = 0 }: { board: Board; name: FirmwareName; busyMs?: number },
): Promise<Station> {
  const station = new Station(wire, board.mac);
  const firmware = firmwares[name];
  const run = await runFirmware(station, board, { firmware, busyMs });
  t.truthy(run, `${name} ${board.mac} found no server`);
  t.is(run?.files.length, firmware.files.length);
  for (const [index, { path, got }] of (run?.files ?? []).entries()) {
    if (firmware.files[index]?.answer === 'not-found') {
      t.deepEqual(got, { kind: 'error', code: 1 }, path);
      continue;
    }
    t.is(got.kind, 'file', path);
    t.true(got.kind === 'file' && got.bytes.equals(contentOf(path)), path);
  }
  return station;
}

const textOf = (got: { kind: string; bytes?: Buffer } | undefined) =>
  got?.bytes?.toString('latin1') ?? '';

test('a Raspberry Pi of each kind boots without a card, and is known by its model', async (t) => {
  t.timeout(5 * 60_000);
  const { lab, wire } = await openPiLab(t, 'rpi');
  const kinds = [
    { board: boardOf(1), name: 'rpi-3-rom', model: 'rpi-3-b' },
    { board: boardOf(2), name: 'rpi-3-plus-rom', model: 'rpi-3-b-plus' },
    // A prefix that no list of Raspberry Pi's has; busy, as a GPU that sets itself up.
    { board: boardOf(3, '02:77:aa'), name: 'rpi-4-eeprom', model: 'rpi-4-b', busyMs: 500 },
  ] as const;

  // The server is away: the firmware finds nobody, and would reset.
  const [, plus] = kinds;
  const early = new Station(wire, plus.board.mac);
  t.is(await runFirmware(early, plus.board, { firmware: { ...firmwares[plus.name] } }), undefined);

  await lab.startServer();
  const stations = await Promise.all(kinds.map((kind) => checkFirmware(t, wire, kind)));
  const unknown = (await devicesOf(lab)).filter(({ type }) => type === 'unknown');
  t.deepEqual(unknown.map(({ mac }) => mac).sort(), kinds.map(({ board }) => board.mac).sort());

  // No image yet: U-Boot gets a script that makes it retry.
  for (const [index, { model }] of kinds.entries()) {
    const station = stations[index] as Station;
    const before = station.ip;
    const booted = await runUBoot(station, model);
    t.is(booted?.ack.yiaddr, before, `${model} keeps its address`);
    t.regex(
      textOf(booted?.start),
      new RegExp(`no image for model ${model} yet; retrying"\nsleep 5\nreset`),
    );
  }

  // The server is killed between firmware and U-Boot, and comes back with images.
  await lab.endServer('SIGKILL');
  t.is(await runUBoot(stations[0] as Station, 'rpi-3-b'), undefined);
  await lab.startServer();
  await importImages(
    lab,
    kinds.map(({ model }) => model),
  );
  for (const [index, { board, name, model }] of kinds.entries()) {
    // A node, by now: its firmware still gets ours, not the device tree of the image.
    await checkFirmware(t, wire, { board, name });
    const booted = await runUBoot(stations[index] as Station, model);
    t.is(textOf(booted?.start), `boot/${model}/start.uboot`);
  }

  const devices = await devicesOf(lab);
  const log = await lab.walt('log', 'show', '--platform');
  for (const { board, model } of kinds) {
    const { mac, serial } = board;
    const device = devices.find((one) => one.mac === mac);
    const name = `node-${mac.replaceAll(':', '').slice(-6)}`;
    t.like(device, { name, type: 'node', model, serial });
    const line = `new node (device type previously unknown) name=${name} model=${model} mac=${mac} ip=${device?.ip}`;
    t.true(log.includes(line), `${line}\n${log}`);
    const stages = await lab.walt('node', 'show', name);
    t.regex(stages, /discover from raspberry-pi[\s\S]*discover from walt-loader/, 'one boot');
  }
  t.regex(await lab.walt('device', 'show'), /serial[\s\S]*e1ff0002/);
});

test('a rack of 22 Raspberry Pis powers up at once', async (t) => {
  t.timeout(5 * 60_000);
  const { lab, wire } = await openPiLab(t, 'rpirack');
  await lab.startServer();
  const models = ['rpi-3-b', 'rpi-3-b-plus', 'rpi-4-b'] as const;
  await importImages(lab, models);
  const names: FirmwareName[] = ['rpi-3-rom', 'rpi-3-plus-rom', 'rpi-4-eeprom'];
  const rack = Array.from({ length: 22 }, (_, index) => ({
    board: boardOf(index + 16),
    name: names[index % 3] ?? 'rpi-3-rom',
    model: models[index % 3] ?? 'rpi-3-b',
  }));
  const starts = await Promise.all(
    rack.map(async ({ board, name, model }) => {
      const station = await checkFirmware(t, wire, { board, name });
      return { model, run: await runUBoot(station, model) };
    }),
  );
  for (const { model, run } of starts) t.is(textOf(run?.start), `boot/${model}/start.uboot`);
  const nodes = (await devicesOf(lab)).filter(({ type }) => type === 'node');
  t.is(nodes.length, 22);
  t.is(new Set(nodes.map(({ ip }) => ip)).size, 22);
  for (const { board, model } of rack) {
    t.like(
      nodes.find(({ mac }) => mac === board.mac),
      { model, serial: board.serial },
    );
  }
});

test('a model that the server never heard of is detected, waits, and boots once it has an image', async (t) => {
  t.timeout(5 * 60_000);
  const { lab, wire } = await openPiLab(t, 'newboard');
  await lab.startServer();
  const station = new Station(wire, '02:00:5e:00:53:01');
  const before = await runUBoot(station, 'foo-7.x');
  t.regex(textOf(before?.start), /no image for model foo-7\.x yet; retrying"\nsleep 5\nreset\n$/);
  t.like(await devicesOf(lab), [{ type: 'server' }, { type: 'unknown', model: 'foo-7.x' }]);
  t.regex(await lab.walt('device', 'show'), /no image for model foo-7\.x yet/);
  await importImages(lab, ['foo-7.x']);
  t.is(textOf((await runUBoot(station, 'foo-7.x'))?.start), 'boot/foo-7.x/start.uboot');
  t.like(await devicesOf(lab), [{ type: 'server' }, { type: 'node', model: 'foo-7.x' }]);
  t.regex(
    await lab.walt('log', 'show', '--platform'),
    /new node \(device type previously unknown\) name=node-005301 model=foo-7\.x/,
  );
});

test('a Raspberry Pi 4B that starts from its own card gets no files, a 3B+ a script, and both an image again', async (t) => {
  t.timeout(5 * 60_000);
  const { lab, wire } = await openPiLab(t, 'rpilocal');
  await lab.startServer();
  await importImages(lab, ['rpi-4-b', 'rpi-3-b-plus']);
  const four = { board: boardOf(1), name: 'rpi-4-eeprom' } as const;
  const three = { board: boardOf(2), name: 'rpi-3-plus-rom' } as const;
  const first = await checkFirmware(t, wire, four);
  await runUBoot(first, 'rpi-4-b');
  const second = await checkFirmware(t, wire, three);
  await runUBoot(second, 'rpi-3-b-plus');
  await lab.walt('node', 'boot', 'node-a00001,node-a00002', 'boot-local');

  const run = await runFirmware(first, four.board, { firmware: firmwares[four.name] });
  t.deepEqual(
    run?.files.filter(({ got }) => got.kind === 'file'),
    [],
    'the EEPROM goes on to its card',
  );
  t.regex(textOf((await runUBoot(first, 'rpi-4-b'))?.start), /run distro_bootcmd/, 'our card');
  await checkFirmware(t, wire, three);
  t.regex(textOf((await runUBoot(second, 'rpi-3-b-plus'))?.start), /run distro_bootcmd/);

  await lab.walt('node', 'boot', 'node-a00001,node-a00002', 'default');
  await checkFirmware(t, wire, four);
  t.is(textOf((await runUBoot(first, 'rpi-4-b'))?.start), 'boot/rpi-4-b/start.uboot');
  t.is(textOf((await runUBoot(second, 'rpi-3-b-plus'))?.start), 'boot/rpi-3-b-plus/start.uboot');
});
