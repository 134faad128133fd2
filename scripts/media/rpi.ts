// `rpi-sd-files.tar.gz`: what makes Raspberry Pis boot from an SD card into U-Boot, and from there from our server.
import { raspberryPis, type UBootName, uBoots } from '../boards.ts';
import { inputs } from '../inputs/sources.ts';
import type { Plan } from '../steps/plan.ts';
import type { Step, TreeFile } from '../steps/step.ts';
import type { Medium } from './medium.ts';
import { rpiConfig } from './rpi-config.ts';

type Variety = { readonly hasEeprom: boolean; readonly isDebug: boolean };

const USUAL: Variety = { hasEeprom: true, isDebug: false };

export const rpi: Medium = {
  name: 'rpi',
  summary: 'files for an SD card, all Raspberry Pis: rpi-sd-files.tar.gz',
  plan: () => planFiles(USUAL),
  variants: [
    {
      option: 'image',
      summary: 'also a card image to write with dd: rpi-sd.img.gz',
      plan: (asked) =>
        planImage({
          hasEeprom: !asked.includes('without-eeprom'),
          isDebug: asked.includes('debug'),
        }),
      isAddition: true,
    },
    {
      option: 'eeprom-only',
      summary: 'only what switches a 4B or 400 to network boot: rpi-eeprom.tar.gz',
      plan: planEeprom,
    },
    {
      option: 'without-eeprom',
      summary: 'leave the EEPROM files out, where they cannot be downloaded',
      plan: () => planFiles({ ...USUAL, hasEeprom: false }),
    },
    {
      option: 'debug',
      summary: 'U-Boot with a prompt and a network console: rpi-sd-files-debug.tar.gz',
      plan: () => planFiles({ ...USUAL, isDebug: true }),
    },
  ],
};

const FIRMWARE = ['bootcode.bin', 'start.elf', 'fixup.dat', 'start4.elf', 'fixup4.dat'];
const OVERLAYS = ['rpi-poe', 'rpi-poe-plus'];
const U_BOOTS: readonly UBootName[] = [...new Set(raspberryPis.map(({ uBoot }) => uBoot))];
/** The folder from which the server serves boards without a card, and its name in release/dist/. */
const SERVED = 'rpi';
/** "WALT" in ASCII. */
const ID = 0x57414c54;
/** 4 MiB: as SD cards are best partitioned. */
const FIRST_SECTOR = 8192;

const EEPROM_FILES: readonly TreeFile[] = [
  { path: 'recovery.bin', from: { input: inputs.eepromRecovery } },
  // The name under which recovery.bin looks for it first, and then renames itself; and the other one it knows.
  { path: 'pieeprom.upd', from: { unpacked: 'pieeprom.bin' } },
  { path: 'pieeprom.bin', from: { unpacked: 'pieeprom.bin' } },
  { path: 'pieeprom.sig', from: { unpacked: 'pieeprom.sig' } },
  { path: 'licences/rpi-eeprom.txt', from: { input: inputs.eepromLicence } },
];

const EEPROM_STEP: Step = {
  kind: 'eeprom',
  input: inputs.eeprom,
  settings: 'rpi/eeprom/bootconf.txt',
  to: 'pieeprom.bin',
  signature: 'pieeprom.sig',
};

/** What is served to boards without a card as well: all but the EEPROM's files, which would be written anew. */
function bootFiles(variety: Variety): TreeFile[] {
  const trees = raspberryPis.flatMap(({ deviceTrees }) => deviceTrees);
  return [
    { path: 'config.txt', from: { text: rpiConfig() } },
    ...FIRMWARE.map((file) => ({
      path: file,
      from: { unpacked: `raspi-firmware/usr/lib/raspi-firmware/${file}` },
    })),
    ...U_BOOTS.map((name) => ({
      path: uBoots[name].file,
      from: { unpacked: `u-boot/${name}/u-boot.bin` },
    })),
    ...trees.map(({ firmware, linux }) => ({
      path: `${firmware}.dtb`,
      from: { unpacked: `u-boot/arm64/${linux}.dtb` },
    })),
    ...OVERLAYS.map((name) => ({
      path: `overlays/${name}.dtbo`,
      from: { unpacked: `${name}.dtbo` },
    })),
    { path: 'overlays/README', from: { artifact: 'rpi/overlays/README' } },
    { path: 'VERSION.TXT', from: { text: versionText(variety) }, isVersioned: true },
    { path: 'licences/u-boot.txt', from: { unpacked: 'u-boot/arm64/gpl-2.0.txt' } },
    {
      path: 'licences/raspi-firmware.txt',
      from: { unpacked: 'raspi-firmware/usr/share/doc/raspi-firmware/copyright' },
    },
  ];
}

function versionText({ hasEeprom, isDebug }: Variety): string {
  return `medium:         rpi-sd${isDebug ? ' (debug)' : ''}
content:        @VERSION@
u-boot:         ${inputs.uBootDebian.file}
raspi-firmware: ${inputs.raspiFirmware.version}
eeprom:         ${hasEeprom ? inputs.eeprom.file : 'left out: this card cannot switch a 4B or 400 to network boot'}
`;
}

function cardFiles(variety: Variety): TreeFile[] {
  const readme: TreeFile = { path: 'README.TXT', from: { artifact: 'rpi/README.TXT' } };
  return [readme, ...bootFiles(variety), ...(variety.hasEeprom ? EEPROM_FILES : [])];
}

/** The steps up to the finished tree. */
function treeSteps(variety: Variety): Step[] {
  return [
    { kind: 'unpack', input: inputs.raspiFirmware, to: 'raspi-firmware' },
    { kind: 'u-boot', names: U_BOOTS, isDebug: variety.isDebug, to: 'u-boot' },
    ...OVERLAYS.map(
      (name) =>
        ({
          kind: 'overlay',
          artifact: `rpi/overlays/${name}.dts`,
          to: `${name}.dtbo`,
        }) as const,
    ),
    ...(variety.hasEeprom ? [EEPROM_STEP] : []),
    { kind: 'tree', files: cardFiles(variety), to: 'tree' },
  ];
}

function inputsOf({ hasEeprom }: Variety): Plan['inputs'] {
  const { uBoot, uBootDebian, raspiFirmware, eeprom, eepromRecovery, eepromLicence } = inputs;
  return [
    ...[uBoot, uBootDebian, raspiFirmware],
    ...(hasEeprom ? [eeprom, eepromRecovery, eepromLicence] : []),
  ];
}

function planFiles(variety: Variety): Plan {
  const archive = variety.isDebug ? 'rpi-sd-files-debug.tar' : 'rpi-sd-files.tar';
  const files = pathsOf(cardFiles(variety));
  return {
    output: `${archive}.gz`,
    inputs: inputsOf(variety),
    tools: [],
    ...(variety.isDebug ? {} : { folder: SERVED }),
    steps: [
      ...treeSteps(variety),
      { kind: 'tree', files: bootFiles(variety), to: SERVED },
      { kind: 'tar', tree: 'tree', files, to: archive },
      { kind: 'gzip', from: archive, to: `${archive}.gz` },
    ],
  };
}

function planImage(variety: Variety): Plan {
  const { mtools, dosfstools } = inputs;
  const image = variety.isDebug ? 'rpi-sd-debug.img' : 'rpi-sd.img';
  return {
    output: `${image}.gz`,
    inputs: [...inputsOf(variety), mtools, dosfstools],
    tools: ['mtools/usr/bin', 'dosfstools/sbin'],
    steps: [
      ...[mtools, dosfstools].map(
        (input) => ({ kind: 'unpack', input, to: input.package }) as const,
      ),
      ...treeSteps(variety),
      {
        kind: 'fat32',
        tree: 'tree',
        files: pathsOf(cardFiles(variety)),
        to: 'partition.img',
        mebibytes: 60,
        firstSector: FIRST_SECTOR,
        label: 'WALT',
        id: ID,
      },
      {
        kind: 'disk',
        partition: 'partition.img',
        firstSector: FIRST_SECTOR,
        type: 0x0c,
        id: ID,
        to: image,
      },
      { kind: 'gzip', from: image, to: `${image}.gz` },
    ],
  };
}

function planEeprom(): Plan {
  const files: readonly TreeFile[] = [
    { path: 'README.TXT', from: { artifact: 'rpi/eeprom/README.TXT' } },
    ...EEPROM_FILES,
  ];
  return {
    output: 'rpi-eeprom.tar.gz',
    inputs: [inputs.eeprom, inputs.eepromRecovery, inputs.eepromLicence],
    tools: [],
    steps: [
      EEPROM_STEP,
      { kind: 'tree', files, to: 'tree' },
      { kind: 'tar', tree: 'tree', files: pathsOf(files), to: 'rpi-eeprom.tar' },
      { kind: 'gzip', from: 'rpi-eeprom.tar', to: 'rpi-eeprom.tar.gz' },
    ],
  };
}

function pathsOf(files: readonly TreeFile[]): string[] {
  return files.map(({ path }) => path);
}
