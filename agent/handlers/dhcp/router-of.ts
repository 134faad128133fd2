// The way to other networks, for a device that may go there: it is the same whichever way the device is told of it.
import type { Device } from '../../devices/device.ts';

/** What decides it. */
export type RouterFacts = {
  /** of the server on walt-net, dotted IPv4 */
  readonly network: { readonly address: string };
  /** whether a device reaches other networks through the server */
  readonly hasNat?: (device: Device) => boolean;
};

/** The server is the router of those who may reach other networks. */
export function routerOf(
  device: Device,
  { network, hasNat }: RouterFacts,
): { readonly router?: string } {
  return hasNat?.(device) === true ? { router: network.address } : {};
}
