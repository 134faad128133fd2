// Which devices may lose their address to another one, or be forgotten. Times are microseconds since 1970.
import type { Device } from './device.ts';

/**
 * Whether a device has lost the right to its address: it gave the address back, or its lease is over. A node keeps its
 * address for good, and so do a device that waits for an image, one of which a person made something.
 */
export function isReusable(device: Device, now: number): boolean {
  if (device.type !== 'unknown' || device.model !== undefined) return false;
  if (isOfAPerson(device)) return false;
  return device.releasedAt !== undefined || (device.leaseUntil ?? Infinity) < now;
}

/** Whether a person made something of the device: its name, which is neither its own nor the server's, a setting, where it starts from, the machine itself. */
export function isOfAPerson(device: Device): boolean {
  const { name, hostName, settings, machine, bootsLocal } = device;
  if (settings !== undefined || machine !== undefined || bootsLocal) return true;
  return name !== hostName && !/^(unknown|node)-[0-9a-f]{6}(-\d+)?$/.test(name);
}
