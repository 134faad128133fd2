// Virtual nodes that the server itself knows to be off: nothing reaches them, and no question has to find that out.
import type { Device } from '../devices/device.ts';
import { RequestError } from '../errors.ts';

/** Whether it is a virtual node that somebody turned off, or that turned itself off. */
export function isPoweredOff({ machine }: Pick<Device, 'machine'>): boolean {
  return machine?.isOff === true;
}

/** For what needs a system that runs. @throws {RequestError} if the node is powered off */
export function refusePoweredOff(node: Pick<Device, 'name' | 'machine'>): void {
  if (!isPoweredOff(node)) return;
  const { name } = node;
  throw new RequestError(409, `${name} is powered off: walt node power ${name} on`);
}
