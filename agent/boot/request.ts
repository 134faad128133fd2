// First decision of a boot: who sent this DHCP packet, and which model its boot loader announces.
import type { DhcpPacket } from '../protocol/dhcp/packet.ts';
import { piFirmwareOf } from './raspberry-pi/firmware.ts';

/**
 * Who speaks: a WalT boot loader, the boot loader in a Raspberry Pi's ROM or EEPROM, another firmware's PXE client, or an
 * operating system (or anything else).
 */
export type Speaker = 'walt-loader' | 'raspberry-pi' | 'pxe' | 'system';

/** Who sent a DHCP message. `mac` is lower-case text with colons. */
export type BootRequest = {
  readonly mac: string;
  readonly speaker: Speaker;
  /** as announced, without `walt.node.` */
  readonly model?: string;
  /** of a Raspberry Pi's board, eight hexadecimal digits */
  readonly serial?: string;
};

const MODEL = /^walt\.node\.([a-z0-9][a-z0-9.-]{0,62})$/;
const PXE = /^(PXEClient|HTTPClient)\b/;

/** Reads who is booting. User class (option 77) goes before vendor class (60): iPXE keeps 60 for PXE. */
export function readBootRequest(packet: DhcpPacket): BootRequest {
  const { vendorClass, userClass } = packet.options;
  const mac = packet.chaddr;
  for (const text of [...(userClass?.values ?? []), vendorClass]) {
    const model = text === undefined ? undefined : MODEL.exec(text)?.[1];
    if (model !== undefined) return { mac, speaker: 'walt-loader', model };
  }
  const pi = piFirmwareOf(packet);
  if (pi !== undefined) {
    const serial = pi.serial === undefined ? {} : { serial: pi.serial };
    return { mac, speaker: 'raspberry-pi', ...serial };
  }
  if (vendorClass !== undefined && PXE.test(vendorClass)) return { mac, speaker: 'pxe' };
  return { mac, speaker: 'system' };
}
