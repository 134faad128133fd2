// The page of all settings, made from their table: `walt-server --help-settings` prints it, and docs/help/settings.md has it.
import { AUDIENCES, EFFECTS } from './setting.ts';
import { SETTING_KEYS, SETTINGS, type SettingKey } from './table.ts';

const INTRO = `People can set something of most devices. These commands show what is set, and change it:

    walt node config pc-1                      the settings of a node, with what they mean
    walt node config pc-1 ram=2G cpu.cores=4   change some of them
    walt node config my-nodes boot.delay=0     the same for several nodes at once
    walt device config all-devices             of all devices; also for those that are no nodes

What is asked for is done for all nodes that are named, or for none: where a value is wrong, or one of the nodes cannot have
the setting, nothing is changed. Settings stay over restarts of the server. A setting with its default value is not kept.
The command says which running nodes have to be started anew before a change takes effect. Nodes of other users are asked for
first, and a script has to say \`--yes\`.`;

/** The whole page but for its title, in markdown. */
export function settingsHelp(): string {
  const kinds = Object.keys(AUDIENCES) as (keyof typeof AUDIENCES)[];
  return [INTRO, ...kinds.map(section)].join('\n\n');
}

function section(kind: keyof typeof AUDIENCES): string {
  const keys = SETTING_KEYS.filter((key) => SETTINGS[key].audience === kind);
  return [`## Settings of ${AUDIENCES[kind].text}`, keys.map(item).join('\n')].join('\n\n');
}

function item(key: SettingKey): string {
  const { help, form, byDefault, effect } = SETTINGS[key];
  const standard = byDefault === '' ? 'empty' : `\`${byDefault}\``;
  return [
    `* \`${key}\`: ${help}`,
    `  Values: ${form.text}. Default: ${standard}. Takes effect ${EFFECTS[effect]}.`,
  ].join('\n');
}
