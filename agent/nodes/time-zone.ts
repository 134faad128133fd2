// Which nodes have the time zone of the server: setting `timezone`.
import type { Device } from '../devices/device.ts';
import { settingValue } from '../settings/settings-of.ts';

/** Whether the system of a node is to have it. */
export function wantsServerZone(device: Pick<Device, 'settings'>): boolean {
  return settingValue(device, 'timezone') === 'server';
}
