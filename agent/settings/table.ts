// All settings of devices. Their checks, `walt node config`, completion and docs/help/settings.md are made from this table.
import { bootDelay } from './forms/boot-delay.ts';
import { choiceOf } from './forms/choice.ts';
import { disks } from './forms/disks.ts';
import { memory } from './forms/memory.ts';
import { networks, WALT_NET } from './forms/networks.ts';
import { numberFrom } from './forms/number.ts';
import { swap } from './forms/swap.ts';
import { words } from './forms/words.ts';
import { yesOrNo } from './forms/yes-or-no.ts';
import type { Setting } from './setting.ts';

/** The rows by their keys, in the order in which people see them. */
export const SETTINGS = {
  ram: {
    help: 'Memory of the machine.',
    form: memory,
    byDefault: '1G',
    audience: 'virtual-nodes',
    effect: 'next-boot',
    offered: ['512M', '1G', '2G', '4G', '8G'],
  },
  'cpu.cores': {
    help: 'Number of processor cores of the machine.',
    form: numberFrom(1, 64),
    byDefault: '2',
    audience: 'virtual-nodes',
    effect: 'next-boot',
    offered: ['1', '2', '4', '8'],
  },
  disks: {
    help: 'Disks of the machine, kept until the node is removed. G is 10^9 bytes, T is 10^12.',
    form: disks,
    byDefault: 'none',
    audience: 'virtual-nodes',
    effect: 'next-boot',
    offered: ['none', '8G', '8G[template=ext4]', '8G[template=fat32]'],
  },
  networks: {
    help: 'Networks that the machine has a card on.',
    form: networks,
    byDefault: WALT_NET,
    audience: 'virtual-nodes',
    effect: 'next-boot',
    offered: [WALT_NET, `${WALT_NET},home-net`, `${WALT_NET},home-net[lat=8ms,bw=100Mbps]`],
  },
  'boot.delay': {
    help: 'How long the machine waits before it starts by itself, as after a restart of the server: `random` is longer where there are many.',
    form: bootDelay,
    byDefault: 'random',
    audience: 'virtual-nodes',
    effect: 'next-boot',
    offered: ['random', '0', '10'],
  },
  firmware: {
    help: 'Firmware that the machine boots by.',
    form: choiceOf(['bios', 'uefi', 'uefi-secure']),
    byDefault: 'bios',
    audience: 'virtual-nodes',
    effect: 'next-boot',
    offered: ['bios', 'uefi', 'uefi-secure'],
  },
  netsetup: {
    help: 'Whether the device reaches other networks: NAT, through the server; LAN, walt-net alone; default, what network.netsetup of the configuration says.',
    form: choiceOf(['LAN', 'NAT', 'default']),
    byDefault: 'default',
    audience: 'devices',
    effect: 'at-once',
    offered: ['LAN', 'NAT', 'default'],
  },
  timezone: {
    help: "Time zone of the node's system: what the image says, or that of the server where the image knows it.",
    form: choiceOf(['image', 'server']),
    byDefault: 'image',
    audience: 'nodes',
    effect: 'next-boot',
    offered: ['image', 'server'],
  },
  'mount.persist': {
    help: 'Whether the node has /persist: files that stay on the server, for each owner of the node apart.',
    form: yesOrNo,
    byDefault: 'false',
    audience: 'nodes',
    effect: 'next-boot',
    offered: ['true', 'false'],
  },
  swap: {
    help: 'Memory that the node may move into compressed memory (zram) where it is short; for boards with little of it.',
    form: swap,
    byDefault: 'none',
    audience: 'nodes',
    effect: 'next-boot',
    offered: ['none', '256M', '512M', '1G'],
  },
  journal: {
    help: "Whether the journal of the node's system goes to the log, as stream `journal`; of images with systemd.",
    form: yesOrNo,
    byDefault: 'false',
    audience: 'nodes',
    effect: 'next-boot',
    offered: ['true', 'false'],
  },
  'power.driver': {
    help: 'How the power of the node is switched: not at all, or by the program that power.command of the configuration names.',
    form: choiceOf(['none', 'command']),
    byDefault: 'none',
    audience: 'physical-nodes',
    effect: 'at-once',
    offered: ['none', 'command'],
  },
  'power.argument': {
    help: 'What the power driver is told of this node besides its name and addresses, as the port of a switch.',
    form: words,
    byDefault: '',
    audience: 'physical-nodes',
    effect: 'at-once',
    offered: [],
  },
} as const satisfies Record<string, Setting<unknown>>;

/** As `ram`. */
export type SettingKey = keyof typeof SETTINGS;

/** The keys, in the order of the table. */
export const SETTING_KEYS = Object.keys(SETTINGS) as SettingKey[];

/** The row of a key, without what is special of its value; undefined where there is none. */
export function settingOf(key: string): Setting<unknown> | undefined {
  return Object.hasOwn(SETTINGS, key) ? SETTINGS[key as SettingKey] : undefined;
}
