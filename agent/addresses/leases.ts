// Whose address may be given to somebody else once no other is left. Times are microseconds since 1970.
import type { Device } from '../devices/device.ts';

/** Addresses that are free to take, in the order to take them: the oldest released, then the oldest expired. */
export function reusableAddresses(devices: readonly Device[], now: number): string[] {
  const candidates = devices.filter((device) => isReusable(device, now));
  return candidates.toSorted(byAge).map(({ ip }) => ip);
}

/**
 * Whether a device has lost its right to its address. Never one that people or its boot loader told something
 * of: a node, a device that waits for an image, or one that somebody named.
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
