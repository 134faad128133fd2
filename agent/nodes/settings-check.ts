// What must be so before settings of devices are changed. Nothing here changes anything.
import type { Device } from '../devices/device.ts';
import { RequestError } from '../errors.ts';
import { oneLine } from '../host/text/shown-text.ts';
import { AUDIENCES, type Setting } from '../settings/setting.ts';
import { keysFor } from '../settings/settings-of.ts';
import { SETTING_KEYS, SETTINGS, type SettingKey, settingOf } from '../settings/table.ts';

/** Values by their keys, as they are written. */
export type SettingTexts = Readonly<Partial<Record<SettingKey, string>>>;

/** No value of any setting is longer; a form is not asked to read more. */
const LONGEST = 1000;
/** So much of what somebody typed is said again. */
const SHOWN = 80;

/** @throws {RequestError} naming the first key that does not exist, or value that is none */
export function checkTexts(given: Readonly<Record<string, string>>): SettingTexts {
  for (const [key, text] of Object.entries(given)) {
    const setting = settingOf(key);
    if (setting === undefined) {
      throw new RequestError(
        400,
        `Nothing was changed: there is no setting '${shortened(key)}'. Settings: ${SETTING_KEYS.join(', ')}`,
      );
    }
    const wrong = complaintAbout(text, setting);
    if (wrong === undefined) continue;
    // Refusals are in the log.
    const said = setting.isSecret === true ? key : `${key}=${shortened(text)}`;
    throw new RequestError(400, `Nothing was changed: ${said}: ${oneLine(wrong)}`);
  }
  return given;
}

function complaintAbout(text: string, { form }: Setting<unknown>): string | undefined {
  if (text.length > LONGEST) return `expected ${LONGEST} characters at most`;
  const reading = form.read(text);
  return reading.kind === 'complaint' ? reading.complaint : undefined;
}

/** The forms say again what they read, too: a complaint is one line, whatever was typed. */
function shortened(text: string): string {
  return oneLine(text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text);
}

/** @throws {RequestError} naming each device that a setting is not for */
export function refuseUnfit(devices: readonly Device[], texts: SettingTexts): void {
  // What a device is to be is judged, so that type=switch and settings of switches can be given together.
  const { type } = texts;
  const next = (device: Device): Device =>
    type === undefined ? device : { ...device, settings: { ...device.settings, type } };
  for (const key of Object.keys(texts) as SettingKey[]) {
    const unfit = devices.filter((device) => !keysFor(next(device)).includes(key));
    if (unfit.length === 0) continue;
    const { text } = AUDIENCES[SETTINGS[key].audience];
    const names = unfit.map(({ name }) => name).join(', ');
    throw new RequestError(
      409,
      `Nothing was changed: setting ${key} is for ${text} alone, and not for ${names}.`,
    );
  }
}

/** Whether two texts stand for the same value of a setting, as `1G` and `1024M`. */
export function isSameValue(key: SettingKey, left: string, right: string): boolean {
  const [one, other] = [left, right].map((text) => JSON.stringify(SETTINGS[key].form.read(text)));
  return one === other;
}
