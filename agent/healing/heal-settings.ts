// What the settings of a node say of how it is helped.
import type { Device } from '../devices/device.ts';
import { settingsOf } from '../settings/settings-of.ts';

/** How far help may go. */
export type HealMode = 'off' | 'soft' | 'on';

/** The settings `boot.…` of a node; `timeout` is in microseconds, undefined where it has none. */
export function healSettings(device: Device, byDefault: HealMode) {
  const settings = settingsOf(device);
  const seconds = settings['boot.timeout'];
  const mode = settings['boot.heal'];
  return {
    heal: mode === 'default' ? byDefault : mode,
    timeout: seconds === undefined ? undefined : seconds * 1_000_000,
    retries: settings['boot.retries'],
    hardPerHour: settings['boot.hardPerHour'],
  };
}
