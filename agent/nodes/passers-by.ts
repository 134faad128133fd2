// Devices that never got past DHCP: machines that were there once, or MACs that somebody made up. They stay listed for a
// month, and make room for others where addresses get scarce. Pure decisions; times are microseconds since 1970.
import { type Device, isNode } from '../devices/device.ts';
import { isOfAPerson, isReusable } from '../devices/reusable.ts';
import { isFree } from './ownership.ts';

const SECOND_US = 1_000_000;
const KEPT_US = 30 * 86_400 * SECOND_US;
/** A machine that boots has its first file within seconds. Where thousands boot at once, the oldest go first. */
const GRACE_US = 60 * SECOND_US;
const CROWDED = 0.8;
/** So many are left then, so that the next ones come without another search and another line in the log. */
const ROOMY = 0.75;

/** Whether so many devices take more than 80 % of the addresses. */
export function isCrowded(devices: number, addresses: number): boolean {
  return devices > addresses * CROWDED;
}

/**
 * Whether a device may be forgotten without a word of a person: it never got a file whole, nobody named it or chose its
 * image, and no lease of a system runs. A loader's lease says nothing: whoever made it up asks for one as well.
 */
export function isPasserBy(device: Device, now: number): boolean {
  if (device.firstFile !== undefined || isOfAPerson(device)) return false;
  if (isNode(device) && !isFree(device)) return false;
  return device.model !== undefined || isReusable(device, now);
}

/** Those of whom nothing was heard for 30 days. */
export function longGone(devices: readonly Device[], now: number): Device[] {
  return devices.filter((device) => isPasserBy(device, now) && lastHeard(device) < now - KEPT_US);
}

/** Those that go where addresses are scarce: the oldest, as many as are too many, and none of the last minute. */
export function inTheWay(
  devices: readonly Device[],
  { addresses, now }: { readonly addresses: number; readonly now: number },
): Device[] {
  if (!isCrowded(devices.length, addresses)) return [];
  return devices
    .filter((device) => isPasserBy(device, now) && device.firstSeen < now - GRACE_US)
    .toSorted((left, right) => left.firstSeen - right.firstSeen)
    .slice(0, Math.ceil(devices.length - addresses * ROOMY));
}

function lastHeard({ releasedAt, leaseUntil, firstSeen }: Device): number {
  return Math.max(firstSeen, releasedAt ?? leaseUntil ?? 0);
}
