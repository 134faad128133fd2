// The name that a machine has for itself, as it tells it by DHCP, and whether the server can call it so.
import type { DhcpPacket } from '../protocol/dhcp/packet.ts';
import { complaintAboutName, defaultName } from './names.ts';

/** RFC 4702 §2: flag E, the name is in the form that DNS has on the wire. */
const ENCODED = 0x04;
const FQDN_HEAD = 3;

/** Names that systems have when nobody has named the machine; a release may follow (`debian12`). */
const DISTRIBUTIONS =
  'alarm almalinux alpine amazonlinux antix arch archiso archlinux armbian bananapi beaglebone buildroot centos coreos ' +
  'debian devuan dietpi elementary fedora flatcar freebsd gentoo grml kali knoppix libreelec linuxmint manjaro mint mx ' +
  'netbsd nixos odroid openbsd opensuse openwrt oracle orangepi osmc photon pop-os proxmox pve raspberry raspberrypi ' +
  'raspbian redhat retropie rhel rocky slackware sles slitaz suse systemrescue tinycore ubuntu ubuntu-server void yocto';

const ANYBODY =
  'admin android amnesiac box busybox client computer default desktop device docker esxi generic gnu guest host ' +
  'hostname ipad iphone ipxe kvm laptop linux live livecd localhost mac machine minint node none null pc pi pxe qemu root ' +
  'router rpi server-pc system tegra-ubuntu test u-boot uboot unix unknown unnamed user vagrant virtualbox vm windows ' +
  'workstation';

const GENERIC: readonly RegExp[] = [
  new RegExp(`^(${words(DISTRIBUTIONS)})(-?\\d+)*$`),
  new RegExp(`^(${words(ANYBODY)})$`),
  /^(localhost|unknown)-/,
  // What a server, or a cloud, makes up out of an address.
  /^(client|dhcp|host|ip|node)-?\d+(-\d+){3}$/,
  // What this server calls a device that nobody has named: the number is of that device's MAC.
  /^(device|node|switch)-[0-9a-f]{6}(-\d+)?$/,
];

/** The name that a DHCP client tells: option 12, or option 81 (RFC 4702) of one that sends that alone. */
export function hostNameOf({ options }: DhcpPacket): string | undefined {
  return options.hostName ?? firstLabel(options.clientFqdn);
}

/** What a new device tells of itself. */
export type NewDevice = {
  /** `aa:bb:cc:dd:ee:ff` */
  readonly mac: string;
  /** name that its DHCP client told, as it came */
  readonly hostName?: string;
  readonly model?: string;
};

/** The name of a device that is new: the one it tells of itself where that is usable and free, else one by its MAC. */
export function nameOfNew(
  { mac, hostName, model }: NewDevice,
  isTaken: (name: string) => boolean,
): string {
  const told = hostName === undefined ? undefined : usableHostName(hostName, model);
  return told === undefined || isTaken(told) ? defaultName('unknown', mac, isTaken) : told;
}

/**
 * The name for a new device that told `hostName`, or undefined where that is none: not valid, or one that many
 * machines have. As the original WalT does, what follows the first dot is left away, letters become small, and other
 * characters become dashes.
 * @param model of the device, where it is known: the name of a model names no machine
 */
export function usableHostName(hostName: string, model?: string): string | undefined {
  const [label = ''] = hostName.toLowerCase().split('.');
  const name = label.replaceAll(/[^a-z0-9-]/g, '-');
  if (complaintAboutName(name) !== undefined || name === model) return undefined;
  return GENERIC.some((pattern) => pattern.test(name)) ? undefined : name;
}

/**
 *     +---------+---------+---------+---------------------------------+
 *     | flags 1 | rcode 1 | rcode 1 | name, as text or in labels      |
 *     +---------+---------+---------+---------------------------------+
 *
 * RFC 4702 §2. What cannot be read is no name.
 */
function firstLabel(fqdn: Uint8Array | undefined): string | undefined {
  const [flags = 0] = fqdn ?? [];
  const name = fqdn?.subarray(FQDN_HEAD) ?? new Uint8Array();
  const [length = 0] = name;
  const isEncoded = (flags & ENCODED) !== 0;
  const bytes = isEncoded ? name.subarray(1, 1 + length) : name;
  return bytes.length === 0 ? undefined : String.fromCharCode(...bytes);
}

function words(list: string): string {
  return list.replaceAll(' ', '|');
}
