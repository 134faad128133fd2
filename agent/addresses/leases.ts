// Leases: which devices lose their address to another one when no free address is left. Times are microseconds since 1970.
import type { Device } from '../devices/device.ts';
import { isReusable } from '../devices/reusable.ts';

/** Addresses of devices that lost the right to them: first those released, then those expired, the oldest first. */
export function reusableAddresses(devices: readonly Device[], now: number): string[] {
  const candidates = devices.filter((device) => isReusable(device, now));
  return candidates.toSorted(byAge).map(({ ip }) => ip);
}

function byAge(left: Device, right: Device): number {
  const isReleased = (device: Device) => (device.releasedAt === undefined ? 1 : 0);
  const since = (device: Device) => device.releasedAt ?? device.leaseUntil ?? 0;
  return isReleased(left) - isReleased(right) || since(left) - since(right);
}
