// Shows and changes the settings of devices: all that a request names in one transaction, or none.
import type { BootBook } from '../boots/boot-book.ts';
import { type Device, isNode } from '../devices/device.ts';
import type { Registry } from '../devices/registry.ts';
import { RequestError } from '../errors.ts';
import type { SettingChange } from '../events/event.ts';
import type { Publish } from '../events/publisher.ts';
import type { EFFECTS } from '../settings/setting.ts';
import { keysFor, type Settings, settingsOf, settingText } from '../settings/settings-of.ts';
import { SETTINGS, type SettingKey, settingOf } from '../settings/table.ts';
import type { Asking } from './node-actions.ts';
import { refuseThoseOfOthers } from './ownership.ts';
import { checkTexts, isSameValue, refuseUnfit, type SettingTexts } from './settings-check.ts';

/** What a device is to have. */
export type Wish = { readonly device: Device; readonly next: Settings };

/**
 * Says why the host of a virtual machine cannot carry what is to be set, or what would be lost by it; undefined where all is
 * well.
 * @param options losesData: what would be lost may be; together: all that is to be set at the same time
 */
export type HardwareComplaint = (
  device: Device,
  next: Settings,
  options: { readonly losesData: boolean; readonly together: readonly Wish[] },
) => Promise<string | undefined>;

type Options = {
  readonly registry: Pick<Registry, 'changeAll'>;
  readonly boots: Pick<BootBook, 'isUp'>;
  readonly publish: Publish;
  /** asked before anything is changed */
  readonly hardwareComplaint?: HardwareComplaint;
};

/** A setting of a device as people see it. */
export type ShownSetting = {
  readonly key: SettingKey;
  readonly value: string;
  readonly isDefault: boolean;
  readonly help: string;
};

/** What became of a device; nothing changed where it had all of it before. */
export type Configured = {
  readonly name: string;
  /** as far as is known */
  readonly isRunning: boolean;
  readonly changes: readonly (SettingChange & { readonly effect: keyof typeof EFFECTS })[];
};

/** Finds a device by its name. @throws {RequestError} if it is none that is meant */
type Find = (name: string) => Device;

/** Which devices are to be changed, and who asks. */
export type ChangeRequest = Asking & {
  readonly names: readonly string[];
  readonly find: Find;
  /** also where disks go, with what is on them */
  readonly losesData?: boolean;
};

/** The settings of devices, by their names. */
export class DeviceSettings {
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  /** Settings of each device, in the order of the table. @throws {RequestError} if a name is of none that is meant */
  show(names: readonly string[], find: Find): { name: string; settings: ShownSetting[] }[] {
    return [...new Set(names.map(find))].map(shown);
  }

  /** On disk when the promise resolves. @throws {RequestError} with nothing changed */
  async change(
    given: Readonly<Record<string, string>>,
    { names, find, losesData = false, ...asking }: ChangeRequest,
  ): Promise<Configured[]> {
    const texts = checkTexts(given);
    const select = () => {
      const devices = [...new Set(names.map(find))];
      if (!asking.takesOthers) refuseThoseOfOthers(devices.filter(isNode), asking.by);
      refuseUnfit(devices, texts);
      return devices;
    };
    await this.#askHost(select(), { texts, losesData });
    // Devices may have been changed while the host was asked.
    return await this.#save(select(), { texts, by: asking.by });
  }

  async #askHost(
    devices: readonly Device[],
    { texts, losesData }: { readonly texts: SettingTexts; readonly losesData: boolean },
  ): Promise<void> {
    const { hardwareComplaint } = this.#options;
    if (hardwareComplaint === undefined) return;
    const together = devices.map((device) => ({
      device,
      next: settingsOf(withTexts(device, texts)),
    }));
    for (const { device, next } of together) {
      const complaint = await hardwareComplaint(device, next, { losesData, together });
      if (complaint === undefined) continue;
      throw new RequestError(409, `Nothing was changed: ${device.name}: ${complaint}`);
    }
  }

  async #save(
    devices: readonly Device[],
    { texts, by }: { readonly texts: SettingTexts; readonly by: string },
  ): Promise<Configured[]> {
    const { registry, boots, publish } = this.#options;
    const all = devices.map((device) => ({ device, changes: changesOf(device, texts) }));
    const changed = all.filter(({ changes }) => changes.length > 0);
    const isSaid = Object.keys(texts).some(keepsDefault);
    await registry.changeAll(
      (isSaid ? all : changed).map(({ device: { mac } }) => [
        mac,
        (now) => now && withTexts(now, texts),
      ]),
    );
    publish(
      changed.map(({ device, changes }) => {
        return { kind: 'configured', device, changes: changes.map(told), by };
      }),
    );
    return all.map(({ device, changes }) => ({
      name: device.name,
      isRunning: device.machine === undefined ? boots.isUp(device.mac) : !device.machine.isOff,
      changes: changes.map((change) => ({ ...change, effect: effectOf(change.key) })),
    }));
  }
}

function shown(device: Device): { name: string; settings: ShownSetting[] } {
  const settings = keysFor(device).map((key) => ({
    key,
    value: settingText(device, key),
    isDefault: device.settings?.[key] === undefined,
    help: SETTINGS[key].help,
  }));
  return { name: device.name, settings };
}

/** Logs and events are for everybody. */
function told(change: SettingChange): SettingChange {
  const isHidden = settingOf(change.key)?.isSecret === true;
  return isHidden ? { key: change.key, from: '', to: '', isHidden } : change;
}

function effectOf(key: SettingKey): keyof typeof EFFECTS {
  return SETTINGS[key].effect;
}

function changesOf(device: Device, texts: SettingTexts): SettingChange[] {
  return Object.entries(texts).flatMap(([name, to]) => {
    const key = name as SettingKey;
    const from = settingText(device, key);
    return isSameValue(key, from, to) ? [] : [{ key, from, to }];
  });
}

/** What equals the default is not kept: such a device follows the defaults of later versions. */
export function withTexts(device: Device, texts: SettingTexts): Device {
  const { settings: before = {}, ...rest } = device;
  const changes = changesOf(device, texts).map(({ key, to }) => [key, to] as const);
  const said = Object.entries(texts).filter(([key]) => keepsDefault(key));
  const all = { ...before, ...Object.fromEntries([...changes, ...said]) };
  const after = Object.entries(all).filter(
    ([key, text]) => keepsDefault(key) || !isDefault(key, text),
  );
  return after.length === 0 ? rest : { ...rest, settings: Object.fromEntries(after) };
}

function keepsDefault(key: string): boolean {
  return settingOf(key)?.keepsDefault === true;
}

/** A setting of another version of the server is not known here, and stays. */
function isDefault(key: string, text: string): boolean {
  const setting = settingOf(key);
  return setting !== undefined && isSameValue(key as SettingKey, text, setting.byDefault);
}
