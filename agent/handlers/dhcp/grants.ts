// Leases that are granted with plain messages (`plain-dhcp.ts`), and what follows from them.
import type { ClientKind } from '../../boot/dhcp/client-kinds.ts';
import type { Changed } from '../../devices/registry.ts';
import type { ServerEvent } from '../../events/event.ts';
import type { Endpoint } from '../../protocol/dhcp/exchange.ts';
import { dhcpSignal } from './on-dhcp.ts';

/** An ACK that waits for the disk. */
export type Grant = {
  readonly mac: string;
  readonly ip: string;
  readonly kind: ClientKind;
  readonly changed: Changed;
  readonly events: readonly ServerEvent[];
  readonly from: Endpoint;
};

/** Of what a device had already. */
export const UNCHANGED: Changed = { before: undefined, after: undefined };

/** Whether a boot loader has said something. */
export function isOfLoader(event: ServerEvent): boolean {
  if (event.kind !== 'signal' || event.signal.kind !== 'dhcp') return false;
  return event.signal.speaker !== 'system';
}

/** What follows from it, as where such a message comes alone. */
export function eventsOf({ mac, kind, changed, events }: Grant): ServerEvent[] {
  const { before, after } = changed;
  const signalOf = (message: string) => dhcpSignal({ mac, ...kind }, message);
  return [
    ...(before === after ? [] : [{ kind: 'device-changed', ...changed } as const]),
    ...events,
    // The boot of a new device begins with the DISCOVER, which came before there was a device to record it for.
    ...(before === undefined && after !== undefined ? [signalOf('discover')] : []),
    signalOf('request'),
  ];
}
