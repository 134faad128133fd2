// A packet names another model than the node has. A card or a disk may have changed machines, but anybody can send such a packet in
// the name of a node, and the next file that the node fetches would make it one of that model.

import { linkOf } from '../../boot/dhcp/relay.ts';
import type { BootRequest } from '../../boot/request.ts';
import { type Device, isNode } from '../../devices/device.ts';
import type { DhcpPacket } from '../../protocol/dhcp/packet.ts';

type Asked = {
  readonly device: Device | undefined;
  /** whether the machine that a message names has sent it itself; without it each is believed */
  readonly isOwn?: ((packet: DhcpPacket) => Promise<boolean>) | undefined;
};

/**
 * Whether another machine has sent the packet, which names another model than the node has. What came through a relay is believed:
 * nobody knows who sent it.
 */
export async function isForgedModel(
  packet: DhcpPacket,
  { model }: BootRequest,
  { device, isOwn }: Asked,
): Promise<boolean> {
  if (model === undefined || !isNode(device) || device.model === model) return false;
  if (isOwn === undefined || linkOf(packet) !== undefined) return false;
  return !(await isOwn(packet));
}
