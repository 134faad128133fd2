// Answers to the calls about settings of devices.
import { RequestError } from '../../errors.ts';
import type { DeviceSettings, ShownSetting } from '../../nodes/device-settings.ts';
import { isServerName, type NodeActions, SERVER_NAME } from '../../nodes/node-actions.ts';
import { SETTING_KEYS, SETTINGS, settingOf } from '../../settings/table.ts';
import {
  type Answers,
  type Caller,
  type Checked,
  type ReplyOf,
  ROLES,
  type Role,
} from '../calls/call.ts';
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
    { user: by, role, find }: Pick<Caller, 'user' | 'role'> & { readonly find: typeof device },
  ): Promise<ReplyOf<Config>> => {
    refuseOfOperators(settings, role);
    const asking = { names, find, by, takesOthers, losesData };
    const changed = await deviceSettings.change(settings, asking);
    return { devices: changed.map((one) => ({ ...one, changes: [...one.changes] })) };
  };
  return {
    'settings.list': async () => ({ settings: SETTING_KEYS.map(viewSetting) }),
    'nodes.settings': async ({ names }, { role }) => ({
      devices: deviceSettings.show(names, node).map((one) => asSeenBy(role, one)),
    }),
    'nodes.config': (asked, caller) => change(asked, { ...caller, find: node }),
    'devices.settings': async ({ names }, { role }) => {
      const others = names.filter((name) => !isServerName(name));
      const server = { name: SERVER_NAME, settings: [] };
      const devices = deviceSettings.show(others, device).map((one) => asSeenBy(role, one));
      return { devices: others.length < names.length ? [server, ...devices] : devices };
    },
    'devices.config': (asked, caller) => change(asked, { ...caller, find: device }),
  };
}

/** Who says to which address the server proves itself gets the password that an operator gave it. */
function refuseOfOperators(settings: Checked<Config>['settings'], role: Role): void {
  if (ROLES.indexOf(role) >= ROLES.indexOf(leastFor(true))) return;
  const refused = Object.keys(settings).filter((key) => settingOf(key)?.isOfOperators);
  if (refused.length === 0) return;
  const needed = `it takes role ${leastFor(true)} to set ${refused.join(', ')}, yours is ${role}`;
  throw new RequestError(403, `Nothing was changed: ${needed}.`);
}

/** Whoever may not set a secret is not told whether it is the default either. */
function asSeenBy<Shown extends { readonly settings: readonly ShownSetting[] }>(
  role: Role,
  shown: Shown,
) {
  const settings = shown.settings.map((setting) => {
    const { isSecret, isOfOperators } = settingOf(setting.key) ?? {};
    const isSeen =
      isSecret !== true || ROLES.indexOf(role) >= ROLES.indexOf(leastFor(isOfOperators));
    return isSeen ? setting : { ...setting, value: '', isDefault: false, isHidden: true };
  });
  return { ...shown, settings };
}

function leastFor(isOfOperators: boolean | undefined): Role {
  return isOfOperators === true ? 'operator' : 'user';
}

function viewSetting(key: SettingView['key']): SettingView {
  const { help, form, byDefault, audience, effect, offered } = SETTINGS[key];
  const role = leastFor(settingOf(key)?.isOfOperators);
  return {
    ...{ key, help, effect, role },
    form: form.text,
    default: byDefault,
    for: audience,
    offered: [...offered],
  };
}
