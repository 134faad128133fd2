// Who resets a machine that hangs, from its firmware to its system: the one table of it, of which docs/hardware.md has one for each model.
import { type Board, boards } from '../boards.ts';

/** A part of a boot, and what ends it where it hangs. */
export type Watch = {
  readonly from: string;
  readonly to: string;
  /** who feeds the watchdog, or does its work */
  readonly by: string;
  /** what the machine does where nobody does, and after how long */
  readonly after: string;
  /** what shows that it is so */
  readonly proof: string;
  /** nothing resets a machine that hangs here */
  readonly isGap?: true;
};

const NOBODY = 'nobody';
const STAYS = 'hangs until its power is cut';
const FIRMWARE = 'firmware';

const FIRST_STAGES: Readonly<Record<string, readonly Watch[]>> = {
  eeprom: [
    {
      from: 'EEPROM loader',
      to: 'first instruction of U-Boot',
      by: 'EEPROM (`BOOT_WATCHDOG_TIMEOUT`)',
      after: 'reset after 120 s; a fatal error of its own after three patterns',
      proof:
        "the maker's documentation; the settings in the image: `test/scripts/eeprom/image.test.ts`",
    },
    {
      from: 'first instruction of U-Boot',
      to: "U-Boot's watchdog driver",
      by: NOBODY,
      after: `${STAYS}: the maker's loader stops its watchdog there, and U-Boot needs its device tree first; well under a second`,
      proof: "the maker's documentation",
      isGap: true,
    },
  ],
  card: [
    {
      from: 'power on',
      to: "U-Boot's watchdog driver",
      by: NOBODY,
      after: `${STAYS}: ROM and \`bootcode.bin\` have no such setting`,
      proof: "the maker's documentation has none",
      isGap: true,
    },
  ],
};

/** Where the kernel has a watchdog of the hardware when the initrd runs, which feeds it. */
const HARDWARE_STAGES: readonly Watch[] = [
  {
    from: 'first program of the initrd',
    to: '`walt-init` has started the keepers',
    by: 'the guard of the initrd, in RAM, for the time that a start may take (`walt.nfs.seconds`, and 600 s)',
    after:
      "reset where the kernel or all programs stand still (after the chip's time), and where the start does after that time",
    proof:
      '`test/buildroot-overlay/watchdog.test.ts`; QEMU with an i6300esb: `test/matrix/pc/watchdog.test.ts`',
  },
  {
    from: '`walt-init` has started the keepers',
    to: 'the end',
    by: '`walt-watchdog`, in RAM',
    after: "reset where no program can be started any more (after the chip's time)",
    proof: 'the same',
  },
];

const PI_STAGES: readonly Watch[] = [
  {
    from: "U-Boot's watchdog driver",
    to: '`bootm`, `booti`',
    by: 'U-Boot, wherever it waits',
    after: 'reset after 15 s',
    proof: '`test/scripts/u-boot/configuration.test.ts` (it is built in); not run on a board',
  },
  {
    from: '`bootm`, `booti`',
    to: 'driver `bcm2835_wdt`, which the initrd loads first',
    by: 'nobody: it runs on from U-Boot',
    after: 'reset after 15 s, also of a kernel that does not start',
    proof: '`test/matrix/boards/rpi-boards.test.ts` (the driver is loaded before the system)',
  },
  {
    from: 'driver `bcm2835_wdt`',
    to: 'the guard of the initrd',
    by: 'the kernel (`handle_boot_enabled`), until the guard of the initrd opens it, within 60 s (`watchdog.open_timeout`)',
    after: 'reset after 15 s of a kernel that stands still, and after 60 s where no guard comes',
    proof: 'its source; not run on a board',
  },
  ...HARDWARE_STAGES,
];

const CORAL_STAGES: readonly Watch[] = [
  {
    from: 'power on',
    to: 'driver `imx2_wdt`, which the initrd loads first',
    by: NOBODY,
    after: `${STAYS}: that is the board's own U-Boot, which WalT does not replace`,
    proof: 'its configuration',
    isGap: true,
  },
  {
    from: 'driver `imx2_wdt`',
    to: 'the guard of the initrd',
    by: 'nobody, until the guard of the initrd opens it, within a second',
    after: `${STAYS}`,
    proof: 'its source',
    isGap: true,
  },
  ...HARDWARE_STAGES,
];

const PC_STAGES: readonly Watch[] = [
  {
    from: 'power on',
    to: 'first program of the initrd',
    by: 'loaders try again for ever by themselves; nobody where they hang',
    after: `${STAYS}: iPXE, GRUB and SYSLINUX have no watchdog that all PCs share`,
    proof: '`test/matrix/pc/pc-messages.test.ts` (they try again)',
    isGap: true,
  },
];

/** What is the same wherever our initrd and node side run. */
const SYSTEM_STAGES: readonly Watch[] = [
  {
    from: 'kernel',
    to: 'the end',
    by: 'the kernel (`panic=30`)',
    after: 'reboot 30 s after a panic',
    proof: 'on the command line of our images',
  },
  {
    from: 'initrd',
    to: 'image mounted',
    by: 'initrd (`walt.nfs.seconds`)',
    after: 'reboot after 180 s without card, address or image',
    proof: '`test/boot-artifacts/`',
  },
  {
    from: '`walt-init`',
    to: 'the end',
    by: '`walt-fs-watchdog`, in RAM',
    after: 'reboot after 120 s without the NFS server',
    proof: '`test/buildroot-overlay/fs-watchdog.test.ts`',
  },
  {
    from: '`walt-init`',
    to: 'the end',
    by: 'nobody, where programs of the image hang, and others can still be started',
    after: `${STAYS}, or \`walt node reboot --hard\``,
    proof: 'nobody knows what they ought to do',
    isGap: true,
  },
];

/** The stages of a model, in the order of its boot. */
export function watchesOf(board: Board): readonly Watch[] {
  return [...firstStages(board), ...SYSTEM_STAGES];
}

function firstStages(board: Board): readonly Watch[] {
  if (board.family === 'pc') return PC_STAGES;
  if (board.family === 'rpi') {
    const first = FIRST_STAGES[board.networkBoot === 'eeprom' ? 'eeprom' : 'card'] ?? [];
    return [...first, ...PI_STAGES];
  }
  return board.model === 'coral-dev-board' ? CORAL_STAGES : [EMULATED];
}

const EMULATED: Watch = {
  from: FIRMWARE,
  to: 'first program of the initrd',
  by: NOBODY,
  after: `${STAYS}: QEMU's machine has no watchdog`,
  proof: 'its device tree',
  isGap: true,
};

/** Models whose stages are all the same, in the order of the table of models. */
export function modelsByWatches(): {
  readonly models: string[];
  readonly watches: readonly Watch[];
}[] {
  const groups = Map.groupBy(boards, (board) => JSON.stringify(watchesOf(board)));
  return [...groups.values()].map((group) => ({
    models: group.map(({ model }) => model),
    watches: group.slice(0, 1).flatMap(watchesOf),
  }));
}
