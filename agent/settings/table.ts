// All settings of devices. Their checks, `walt node config`, completion and docs/help/settings.md are made from this table.
import { bootDelay } from './forms/boot-delay.ts';
import { choiceOf } from './forms/choice.ts';
import { community } from './forms/community.ts';
import { consoleLine } from './forms/console-line.ts';
import { disks } from './forms/disks.ts';
import { memory } from './forms/memory.ts';
import { networks, WALT_NET } from './forms/networks.ts';
import { numberFrom } from './forms/number.ts';
import { secondsOrNone } from './forms/seconds-or-none.ts';
import { swap } from './forms/swap.ts';
import { words } from './forms/words.ts';
import { yesOrNo } from './forms/yes-or-no.ts';
import type { Setting } from './setting.ts';

/** Those of agent/power/drivers.ts that people can choose. */
const POWER_DRIVERS = [
  ...(['none', 'command', 'poe', 'ipmi', 'redfish', 'snmp-pdu', 'http', 'pdudaemon'] as const),
  'wake-on-lan' as const,
];
/** The versions of SNMP that there are. */
const SNMP_VERSIONS = ['1', '2c', '3'] as const;

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
  'kexec.allow': {
    help: 'Whether the node may reboot by kexec where its image has it: past firmware and boot loader, in less time.',
    form: yesOrNo,
    byDefault: 'true',
    audience: 'nodes',
    effect: 'at-once',
    offered: ['true', 'false'],
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
  'boot.timeout': {
    help: 'Seconds within which the node is up when it boots; then it is helped. It is helped earlier where its good boots took less; with none, never.',
    form: secondsOrNone(60, 86_400),
    byDefault: '180',
    audience: 'nodes',
    effect: 'at-once',
    offered: ['60', '180', '600', 'none'],
  },
  'boot.retries': {
    help: 'How often a node that does not come up is helped, until it is left in quarantine.',
    form: numberFrom(0, 100),
    byDefault: '9',
    audience: 'nodes',
    effect: 'at-once',
    offered: ['0', '3', '9'],
  },
  'boot.hardPerHour': {
    help: 'How often within an hour the power of a node that does not come up is cycled at most.',
    form: numberFrom(1, 60),
    byDefault: '12',
    audience: 'nodes',
    effect: 'at-once',
    offered: ['2', '6', '12'],
  },
  'boot.heal': {
    help: 'How a node that does not come up is helped: off, not at all; soft, by anything but its power; on, by its power too; default, as boot.heal of the configuration says.',
    form: choiceOf(['off', 'soft', 'on', 'default']),
    byDefault: 'default',
    audience: 'nodes',
    effect: 'at-once',
    offered: ['off', 'soft', 'on', 'default'],
  },
  journal: {
    help: "Whether the journal of the node's system goes to the log, as stream `journal`; of images with systemd.",
    form: yesOrNo,
    byDefault: 'false',
    audience: 'nodes',
    effect: 'next-boot',
    offered: ['true', 'false'],
  },
  netconsole: {
    help: "Whether the kernel of the node sends its messages to the log, as stream `netconsole`; of images whose kernel has that module. They are on the node's screen as well.",
    form: yesOrNo,
    byDefault: 'false',
    audience: 'nodes',
    effect: 'next-boot',
    offered: ['true', 'false'],
  },
  'power.driver': {
    help: 'How the power of the node is switched: not at all, by the program that power.command of the configuration names, the port of its switch (poe), its BMC (ipmi, redfish), a power strip (snmp-pdu), URLs (http), pdudaemon, or a packet (wake-on-lan).',
    form: choiceOf(POWER_DRIVERS),
    byDefault: 'none',
    audience: 'physical-nodes',
    effect: 'at-once',
    isOfOperators: true,
    offered: POWER_DRIVERS,
  },
  'power.argument': {
    help: 'What the power driver is told of this node besides its name and addresses, as the port of a switch. URLs may have a key in them: it is shown to operators alone.',
    form: words,
    byDefault: '',
    audience: 'physical-nodes',
    effect: 'at-once',
    isOfOperators: true,
    isSecret: true,
    offered: [],
  },
  type: {
    help: 'What the device is. A switch has settings of its own, and the server asks it by SNMP.',
    form: choiceOf(['unknown', 'switch']),
    byDefault: 'unknown',
    keepsDefault: true,
    audience: 'other-devices',
    effect: 'at-once',
    isOfOperators: true,
    offered: ['unknown', 'switch'],
  },
  'snmp.version': {
    help: 'How the server speaks to the switch; version 3 is with SHA-256 and AES.',
    form: choiceOf(SNMP_VERSIONS),
    byDefault: '2c',
    audience: 'switches',
    effect: 'at-once',
    isOfOperators: true,
    offered: SNMP_VERSIONS,
  },
  'snmp.community': {
    help: 'Community of versions 1 and 2c. It is shown to operators alone; walt device credentials gives the server one that nobody sees.',
    form: community,
    byDefault: 'private',
    audience: 'switches',
    effect: 'at-once',
    isOfOperators: true,
    isSecret: true,
    offered: [],
  },
  'lldp.explore': {
    help: 'Whether the server asks the switch what is behind its ports.',
    form: yesOrNo,
    byDefault: 'true',
    audience: 'switches',
    effect: 'at-once',
    isOfOperators: true,
    offered: ['true', 'false'],
  },
  'poe.reboots': {
    help: 'Whether the server may switch the power of ports of the switch off and on.',
    form: yesOrNo,
    byDefault: 'false',
    audience: 'switches',
    effect: 'at-once',
    isOfOperators: true,
    offered: ['true', 'false'],
  },
  console: {
    help: 'Serial line of the server at which the console of the node is, for `walt node console NODE`; 8 bits, no parity.',
    form: consoleLine,
    byDefault: 'none',
    audience: 'physical-nodes',
    effect: 'at-once',
    isOfOperators: true,
    offered: ['none', '/dev/ttyUSB0,115200', '/dev/ttyS0,115200'],
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
