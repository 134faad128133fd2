// Firmware that needs more than the standards say, one row a symptom.
import type { DhcpPacket } from '../protocol/dhcp/packet.ts';

export type Quirk = {
  readonly name: string;
  readonly symptom: string;
  /** who saw it, where */
  readonly source: string;
  readonly matches: (request: DhcpPacket) => boolean;
  /** an OFFER leaves so much later, in milliseconds */
  readonly replyDelayMs?: number;
};

export const quirks: readonly Quirk[] = [
  {
    name: 'boot ROM of the Raspberry Pi 3',
    symptom: 'asks for an address for ever where the offer comes within two seconds',
    source: 'reports of its users; dnsmasq 2.77 got its option dhcp-reply-delay for such a ROM',
    matches: ({ chaddr, options }) =>
      chaddr.startsWith('b8:27:eb:') && options.vendorClass === 'PXEClient:Arch:00000:UNDI:002001',
    replyDelayMs: 2000,
  },
];

/** How long an OFFER to this request waits; 0 for sound firmware. */
export function replyDelayMs(request: DhcpPacket, table: readonly Quirk[] = quirks): number {
  const delays = table.filter((row) => row.matches(request)).map((row) => row.replyDelayMs ?? 0);
  return Math.max(0, ...delays);
}
