// First decision of a boot: who sent this DHCP packet, and which model its boot loader announces.
import type { DhcpPacket } from '../protocol/dhcp/packet.ts';
import { hostNameOf } from './host-name.ts';
import { piFirmwareOf } from './raspberry-pi/firmware.ts';

/**
 * Who speaks: a WalT boot loader, the boot loader in a Raspberry Pi's ROM or EEPROM, another firmware's PXE client, or an
 * operating system (or anything else).
 */
export type Speaker = 'walt-loader' | 'raspberry-pi' | 'pxe' | 'system';

/** What a DHCP packet tells of the machine that sent it. `mac` is lower-case text with colons. */
export type BootRequest = {
  readonly mac: string;
  readonly speaker: Speaker;
  /** an iPXE sent it: the ROM of a card, or one that was fetched */
  readonly isIpxe?: true;
  /** as announced, without `walt.node.` */
  readonly model?: string;
  /** of a Raspberry Pi's board, eight hexadecimal digits */
  readonly serial?: string;
  /** the name that the machine has for itself, as it came */
  readonly hostName?: string;
};

/** A model is a part of the name of its default image, whose form it has (OCI distribution specification 1.0, `<name>`). */
const MODEL = /^walt\.node\.(?=.{1,63}$)([a-z0-9]+(?:(?:\.|-+)[a-z0-9]+)*)$/;
const PXE = /^(PXEClient|HTTPClient)\b/;

/** Reads who is booting. User class (option 77) goes before vendor class (60): iPXE keeps 60 for PXE. */
export function readBootRequest(packet: DhcpPacket): BootRequest {
  const { vendorClass, userClass } = packet.options;
  const hostName = hostNameOf(packet);
  const machine = { mac: packet.chaddr, ...(hostName === undefined ? {} : { hostName }) };
  for (const text of [...(userClass?.values ?? []), vendorClass]) {
    const model = text === undefined ? undefined : MODEL.exec(text)?.[1];
    if (model !== undefined) return { ...machine, speaker: 'walt-loader', model };
  }
  const pi = piFirmwareOf(packet);
  if (pi !== undefined) {
    const serial = pi.serial === undefined ? {} : { serial: pi.serial };
    return { ...machine, speaker: 'raspberry-pi', ...serial };
  }
  if (vendorClass !== undefined && PXE.test(vendorClass)) {
    const isIpxe = userClass?.values.includes('iPXE') === true;
    return { ...machine, speaker: 'pxe', ...(isIpxe ? { isIpxe } : {}) };
  }
  return { ...machine, speaker: 'system' };
}
