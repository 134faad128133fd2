// Leases: which devices lose their address to another one when no free address is left. Times are microseconds since 1970.
import type { Device } from '../devices/device.ts';

/** Addresses of devices that lost the right to them: first those released, then those expired, the oldest first. */
export function reusableAddresses(devices: readonly Device[], now: number): string[] {
  const candidates = devices.filter((device) => isReusable(device, now));
  return candidates.toSorted(byAge).map(({ ip }) => ip);
}

/**
 * Whether a device has lost the right to its address: it gave the address back, or its lease is over. A node keeps its
 * address for good, and so do a device that waits for an image and one that a person named.
 */
export function isReusable(device: Device, now: number): boolean {
  if (device.type !== 'unknown' || device.model !== undefined) return false;
  if (isNamedByPerson(device)) return false;
  return device.releasedAt !== undefined || (device.leaseUntil ?? Infinity) < now;
}

function isNamedByPerson({ name, hostName }: Device): boolean {
  return name !== hostName && !name.startsWith('unknown-');
}

function byAge(left: Device, right: Device): number {
  const isReleased = (device: Device) => (device.releasedAt === undefined ? 1 : 0);
  const since = (device: Device) => device.releasedAt ?? device.leaseUntil ?? 0;
  return isReleased(left) - isReleased(right) || since(left) - since(right);
}
