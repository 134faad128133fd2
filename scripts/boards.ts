// The table of models: whatever builds, media, images or pages of the documentation know of a model, they take from here.

/** A kind of machine that can be a node. */
export type Board = PcBoard | UBootBoard | RaspberryPi;

type BoardBase = {
  /** What its boot loader announces after `walt.node.`, and the name of its folder below /boot in an image. */
  readonly model: string;
  /** As its maker calls it. */
  readonly title: string;
  /** Debian's name of the architecture that its default image has. */
  readonly architecture: 'amd64' | 'i386' | 'armel' | 'armhf' | 'arm64';
  /** The recipe of its default image: models with the same one share an image. */
  readonly image: string;
  /** The serial port where Linux shows what it does. */
  readonly console: string;
};

/** A PC: it needs no files of its own, as all PCs start from the same stick. */
export type PcBoard = BoardBase & { readonly family: 'pc' };

/** A board whose own U-Boot starts us, or that QEMU emulates. */
export type UBootBoard = BoardBase & {
  readonly family: 'u-boot';
  /** Its folder in boot-artifacts/. */
  readonly folder: string;
  /** Its device trees as Debian's kernel package has them, the usual one first; none where the machine brings its own. */
  readonly kernelTrees: readonly string[];
};

/** A Raspberry Pi, as its card has to know it. */
export type RaspberryPi = BoardBase & {
  readonly family: 'rpi';
  /** The filter in config.txt that holds for this model. Some hold for several: [pi1] for B and B+, [pi4] for 4B and 400. */
  readonly section: 'pi1' | 'pi2' | 'pi3' | 'pi3+' | 'pi4' | 'pi400';
  /** Which U-Boot it starts: a row of `uBoots`. */
  readonly uBoot: 'armv6' | 'armv7' | 'arm64';
  /** Its device trees, one for each revision of the board that has another. */
  readonly deviceTrees: readonly DeviceTree[];
  /** Its processor, and what is special about it. */
  readonly processor: 'BCM2835' | 'BCM2836' | 'BCM2837' | 'BCM2837B0' | 'BCM2711';
  /** How it gets to the network without a card: not at all, from its boot ROM, or from its EEPROM. */
  readonly networkBoot: 'none' | 'rom' | 'eeprom';
  readonly notes?: string;
};

/** Without `.dtb`. */
export type DeviceTree = {
  /** The name under which the GPU firmware looks for it on the card. */
  readonly firmware: string;
  /** The name in the Linux kernel's source, and so in Debian's kernel packages. */
  readonly linux: string;
  /** Which revisions of the board it is for, where there are several. */
  readonly revision?: string;
};

/**
 * U-Boot's builds: the configuration in its source, the compiler, the fragment of ours besides common.config
 * (boot-artifacts/rpi/u-boot/), and how the file is called on the card.
 */
export const uBoots = {
  armv6: {
    defconfig: 'rpi_defconfig',
    compiler: 'arm-linux-gnueabi-',
    fragment: 'rpi',
    file: 'u-boot-armv6.bin',
  },
  armv7: {
    defconfig: 'rpi_2_defconfig',
    compiler: 'arm-linux-gnueabi-',
    fragment: 'rpi',
    file: 'u-boot-armv7.bin',
  },
  arm64: {
    defconfig: 'rpi_arm64_defconfig',
    compiler: 'aarch64-linux-gnu-',
    fragment: 'rpi',
    file: 'u-boot-arm64.bin',
  },
  'qemu-arm64': {
    defconfig: 'qemu_arm64_defconfig',
    compiler: 'aarch64-linux-gnu-',
    fragment: 'qemu',
    file: 'u-boot-qemu-arm64.bin',
  },
  'qemu-arm': {
    defconfig: 'qemu_arm_defconfig',
    compiler: 'arm-linux-gnueabi-',
    fragment: 'qemu',
    file: 'u-boot-qemu-arm.bin',
  },
} as const;

/** A row of `uBoots`: one U-Boot that is built here, for one or several boards. */
export type UBootName = keyof typeof uBoots;

export const boards: readonly Board[] = [
  {
    family: 'pc',
    model: 'pc-x86-64',
    title: '64-bit PC',
    architecture: 'amd64',
    image: 'pc-x86-64',
    console: 'ttyS0',
  },
  {
    family: 'pc',
    model: 'pc-x86-32',
    title: '32-bit PC',
    architecture: 'i386',
    image: 'pc-x86-32',
    console: 'ttyS0',
  },
  {
    family: 'rpi',
    model: 'rpi-b',
    title: 'Raspberry Pi Model B',
    architecture: 'armel',
    image: 'rpi-armel',
    console: 'ttyAMA0',
    section: 'pi1',
    uBoot: 'armv6',
    processor: 'BCM2835',
    networkBoot: 'none',
    deviceTrees: [
      { firmware: 'bcm2708-rpi-b-rev1', linux: 'bcm2835-rpi-b', revision: 'rev 1' },
      { firmware: 'bcm2708-rpi-b', linux: 'bcm2835-rpi-b-rev2', revision: 'rev 2' },
    ],
    notes:
      'ARMv6: only Debian armel. Firmware that does not know the name for rev 1 takes that for rev 2.',
  },
  {
    family: 'rpi',
    model: 'rpi-b-plus',
    title: 'Raspberry Pi Model B+',
    architecture: 'armel',
    image: 'rpi-armel',
    console: 'ttyAMA0',
    section: 'pi1',
    uBoot: 'armv6',
    processor: 'BCM2835',
    networkBoot: 'none',
    deviceTrees: [{ firmware: 'bcm2708-rpi-b-plus', linux: 'bcm2835-rpi-b-plus' }],
    notes: 'ARMv6: only Debian armel.',
  },
  {
    family: 'rpi',
    model: 'rpi-2-b',
    title: 'Raspberry Pi 2 Model B',
    architecture: 'armhf',
    image: 'rpi-armhf',
    console: 'ttyAMA0',
    section: 'pi2',
    uBoot: 'armv7',
    processor: 'BCM2836',
    networkBoot: 'none',
    deviceTrees: [
      { firmware: 'bcm2709-rpi-2-b', linux: 'bcm2836-rpi-2-b', revision: '1.1 (BCM2836)' },
      { firmware: 'bcm2710-rpi-2-b', linux: 'bcm2836-rpi-2-b', revision: '1.2 (BCM2837)' },
    ],
    notes:
      '1.1 is 32-bit only; 1.2, though its processor is that of the 3B, is treated the same, so that one image serves both.',
  },
  {
    family: 'rpi',
    model: 'rpi-3-b',
    title: 'Raspberry Pi 3 Model B',
    architecture: 'arm64',
    image: 'rpi-arm64',
    console: 'ttyS1',
    section: 'pi3',
    uBoot: 'arm64',
    processor: 'BCM2837',
    networkBoot: 'none',
    deviceTrees: [{ firmware: 'bcm2710-rpi-3-b', linux: 'bcm2837-rpi-3-b' }],
    notes: 'Its ROM boots from the network only once a fuse is blown, and then not reliably.',
  },
  {
    family: 'rpi',
    model: 'rpi-3-b-plus',
    title: 'Raspberry Pi 3 Model B+',
    architecture: 'arm64',
    image: 'rpi-arm64',
    console: 'ttyS1',
    section: 'pi3+',
    uBoot: 'arm64',
    processor: 'BCM2837B0',
    networkBoot: 'rom',
    deviceTrees: [{ firmware: 'bcm2710-rpi-3-b-plus', linux: 'bcm2837-rpi-3-b-plus' }],
  },
  {
    family: 'rpi',
    model: 'rpi-4-b',
    title: 'Raspberry Pi 4 Model B',
    architecture: 'arm64',
    image: 'rpi-arm64',
    console: 'ttyS1',
    section: 'pi4',
    uBoot: 'arm64',
    processor: 'BCM2711',
    networkBoot: 'eeprom',
    deviceTrees: [{ firmware: 'bcm2711-rpi-4-b', linux: 'bcm2711-rpi-4-b' }],
  },
  {
    family: 'rpi',
    model: 'rpi-400',
    title: 'Raspberry Pi 400',
    architecture: 'arm64',
    image: 'rpi-arm64',
    console: 'ttyS1',
    section: 'pi400',
    uBoot: 'arm64',
    processor: 'BCM2711',
    networkBoot: 'eeprom',
    deviceTrees: [{ firmware: 'bcm2711-rpi-400', linux: 'bcm2711-rpi-400' }],
  },
  {
    family: 'u-boot',
    folder: 'coral',
    model: 'coral-dev-board',
    title: 'Google Coral Dev Board',
    architecture: 'arm64',
    image: 'coral-dev-board',
    console: 'ttymxc0',
    kernelTrees: ['freescale/imx8mq-phanbell.dtb'],
  },
  {
    family: 'u-boot',
    folder: 'qemu',
    model: 'qemu-arm64',
    title: 'QEMU virt, 64-bit ARM',
    architecture: 'arm64',
    image: 'rpi-arm64',
    console: 'ttyAMA0',
    kernelTrees: [],
  },
  {
    family: 'u-boot',
    folder: 'qemu',
    model: 'qemu-arm',
    title: 'QEMU virt, 32-bit ARM',
    architecture: 'armhf',
    image: 'rpi-armhf',
    console: 'ttyAMA0',
    kernelTrees: [],
  },
];

export const raspberryPis = boards.filter((board) => board.family === 'rpi');

/** Its folder in boot-artifacts/: how its firmware finds our server, and what that gets wrong. */
export function artifactsOf(board: Board): string {
  return `boot-artifacts/${board.family === 'u-boot' ? board.folder : board.family}`;
}

/** Throws a RangeError for a model that the table does not have. */
export function boardOf(model: string): Board {
  const board = boards.find((candidate) => candidate.model === model);
  if (board) return board;
  const known = boards.map((candidate) => candidate.model).join(', ');
  throw new RangeError(`Cannot find the model ${model}: expected one of ${known}`);
}
