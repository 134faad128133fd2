// Answers to the calls about settings of devices.
import type { DeviceSettings } from '../../nodes/device-settings.ts';
import { isServerName, type NodeActions, SERVER_NAME } from '../../nodes/node-actions.ts';
import { SETTING_KEYS, SETTINGS } from '../../settings/table.ts';
import type { Answers, Caller, Checked, ReplyOf } from '../calls/call.ts';
import type { SettingView, settingCalls } from '../calls/settings.ts';

/** What these answers need. */
export type SettingParts = {
  readonly actions: Pick<NodeActions, 'device' | 'node'>;
  readonly deviceSettings: Pick<DeviceSettings, 'show' | 'change'>;
};

type Config = (typeof settingCalls)['devices.config'];

/** Answers to the calls of calls/settings.ts. */
export function settingAnswers(parts: SettingParts): Answers<typeof settingCalls> {
  const { actions, deviceSettings } = parts;
  const node = (name: string) => actions.node(name);
  const device = (name: string) => actions.device(name);
  const change = async (
    { names, settings, takesOthers = false, losesData = false }: Checked<Config>,
    { user: by, find }: Pick<Caller, 'user'> & { readonly find: typeof device },
  ): Promise<ReplyOf<Config>> => {
    const asking = { names, find, by, takesOthers, losesData };
    const changed = await deviceSettings.change(settings, asking);
    return { devices: changed.map((one) => ({ ...one, changes: [...one.changes] })) };
  };
  return {
    'settings.list': async () => ({ settings: SETTING_KEYS.map(viewSetting) }),
    'nodes.settings': async ({ names }) => ({ devices: deviceSettings.show(names, node) }),
    'nodes.config': (asked, { user }) => change(asked, { user, find: node }),
    'devices.settings': async ({ names }) => {
      const others = names.filter((name) => !isServerName(name));
      const server = { name: SERVER_NAME, settings: [] };
      const devices = deviceSettings.show(others, device);
      return { devices: others.length < names.length ? [server, ...devices] : devices };
    },
    'devices.config': (asked, { user }) => change(asked, { user, find: device }),
  };
}

function viewSetting(key: SettingView['key']): SettingView {
  const { help, form, byDefault, audience, effect, offered } = SETTINGS[key];
  return {
    ...{ key, help, effect },
    form: form.text,
    default: byDefault,
    for: audience,
    offered: [...offered],
  };
}
