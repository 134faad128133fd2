// Firmware that needs more than the standards say, one row a symptom. `lab/firmware` plays the machines, by
// `fixture`, against the server.
import type { DhcpPacket } from '../../protocol/dhcp/packet.ts';
import { piFirmwareOf } from '../raspberry-pi/firmware.ts';

export type Quirk = {
  readonly name: string;
  readonly symptom: string;
  /** who saw it, where */
  readonly source: string;
  /** the row of lab/firmware/firmwares.ts that shows it */
  readonly fixture: string;
  readonly matches: (request: DhcpPacket) => boolean;
  /** an OFFER leaves at each of these times after the DISCOVER, in milliseconds */
  readonly offerAtMs?: readonly number[];
  /** the address is in use from the OFFER on: no REQUEST will come */
  readonly takesOffer?: true;
};

export const quirks: readonly Quirk[] = [
  {
    // The ROM of the 3B+ is sound and cannot be told from that of the 3B; it takes the first of them.
    name: 'boot ROM of the Raspberry Pi 3: offers that come at once',
    symptom:
      'gives up where a second passes without a packet, and takes an OFFER in only with a packet that comes more than a ' +
      'second after its DISCOVER: alone on a network it asks for ever',
    source:
      'openSUSE/netboot-rpi3b, README (a packet at 0.6 s and one at 1.2 s make it boot); raspberrypi/firmware issue 859 ' +
      '(its maker advises dhcp-reply-delay=2)',
    fixture: 'rpi-3-rom',
    matches: (request) => piFirmwareOf(request)?.kind === 'rom',
    offerAtMs: [400, 1200, 2000],
  },
  {
    name: 'boot ROM of the Raspberry Pi: no REQUEST',
    symptom:
      'uses the address of the OFFER without asking for it, also where another machine got it since',
    source: 'raspberrypi/firmware issue 1699; raspberrypi/documentation pull request 1067',
    fixture: 'rpi-3-plus-rom',
    matches: (request) => piFirmwareOf(request)?.kind === 'rom',
    takesOffer: true,
  },
];

/** When an OFFER to this request leaves, in milliseconds after it came: once, and at once, for sound firmware. */
export function offerTimesMs(
  request: DhcpPacket,
  table: readonly Quirk[] = quirks,
): readonly number[] {
  const row = table.find(({ offerAtMs, matches }) => offerAtMs !== undefined && matches(request));
  return row?.offerAtMs ?? [0];
}

/** Whether the client will use what it is offered without another word. */
export function takesOffer(request: DhcpPacket, table: readonly Quirk[] = quirks): boolean {
  return table.some((row) => row.takesOffer === true && row.matches(request));
}
