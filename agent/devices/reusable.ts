// Which devices may lose their address to another one, or be forgotten. Times are microseconds since 1970.
import type { Device } from './device.ts';

/**
 * Whether a device has lost the right to its address: it gave the address back, or its lease is over. A node keeps its
 * address for good, and so do a device that waits for an image and one that a person named.
 */
export function isReusable(device: Device, now: number): boolean {
  if (device.type !== 'unknown' || device.model !== undefined) return false;
  if (isNamedByPerson(device)) return false;
  return device.releasedAt !== undefined || (device.leaseUntil ?? Infinity) < now;
}

/** Whether a person gave the device its name, rather than the device itself or the server. */
export function isNamedByPerson({ name, hostName }: Device): boolean {
  return name !== hostName && !/^(unknown|node)-[0-9a-f]{6}(-\d+)?$/.test(name);
}
