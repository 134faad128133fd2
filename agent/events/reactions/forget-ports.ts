// Reaction: a device that is forgotten is behind no port any more, and nothing is behind what is no switch any more.
import type { Device } from '../../devices/device.ts';
import type { Publisher } from '../publisher.ts';

/**
 * @param isSwitch whether a device is one
 * @param forget removes the place of a device, and all that is known of its ports
 */
export function forgetPorts(
  publisher: Publisher,
  isSwitch: (device: Device) => boolean,
  forget: (device: Device) => Promise<void>,
): void {
  publisher.on('ports', ['device-changed'], async ({ before, after }) => {
    if (before === undefined) return;
    const isNoSwitchNow = isSwitch(before) && after !== undefined && !isSwitch(after);
    if (after === undefined || isNoSwitchNow) await forget(before);
  });
}
