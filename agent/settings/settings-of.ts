// The settings of one device: what was set, and the default of all else.
import type { Device } from '../devices/device.ts';
import type { Form } from './setting.ts';
import { AUDIENCES, type Described } from './setting.ts';
import { SETTING_KEYS, SETTINGS, type SettingKey, settingOf } from './table.ts';

type ValueOf<Key extends SettingKey> =
  (typeof SETTINGS)[Key]['form'] extends Form<infer Value> ? Value : never;

/** A value for each key of the table. */
export type Settings = { readonly [Key in SettingKey]: ValueOf<Key> };

type Holder = Pick<Device, 'settings'>;

/** Keys of the settings that this device has, in the order of the table. */
export function keysFor(device: Described): SettingKey[] {
  return SETTING_KEYS.filter((key) => AUDIENCES[SETTINGS[key].audience].has(device));
}

/** As it was written, or else the default. */
export function settingText({ settings = {} }: Holder, key: SettingKey): string {
  return settings[key] ?? SETTINGS[key].byDefault;
}

/**
 * All settings as values, those too that are for other devices: they have their defaults. A value that this version of the
 * server does not know counts as not set.
 */
export function settingsOf(device: Holder): Settings {
  const entries = SETTING_KEYS.map((key) => [key, typedValue(device, key)]);
  return Object.fromEntries(entries) as Settings;
}

/** The value of one setting; much less work than all of them, for what is asked with each packet or of each device. */
export function settingValue<Key extends SettingKey>(device: Holder, key: Key): Settings[Key] {
  return typedValue(device, key) as Settings[Key];
}

function typedValue(device: Holder, key: SettingKey): unknown {
  const { form, byDefault } = settingOf(key) ?? SETTINGS[key];
  const reading = form.read(settingText(device, key));
  if (reading.kind === 'value') return reading.value;
  const standard = form.read(byDefault);
  if (standard.kind === 'value') return standard.value;
  throw new TypeError(`Cannot read the default of ${key}: ${standard.complaint}`);
}
