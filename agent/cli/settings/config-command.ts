// What `walt node config` and `walt device config` have in common.
import type { Client, Reply } from '../client.ts';
import {
  type Args,
  type Category,
  type Command,
  type Io,
  JSON_OPTION,
  YES_OPTION,
} from '../command-line/command.ts';
import { DEVICES_ARGUMENT, NAMES_ARGUMENT, resolveNames } from '../names/node-names.ts';
import { confirmOthers } from '../names/others-nodes.ts';
import { table } from '../texts/table.ts';
import { changedLines, effectLines } from './changed-lines.ts';
import { readGiven } from './given.ts';

type Kind = {
  readonly category: Category;
  readonly noun: 'Node' | 'Device';
  readonly help: string;
  readonly shows: 'nodes.settings' | 'devices.settings';
  readonly changes: 'nodes.config' | 'devices.config';
};

type Parts = { readonly client: Client; readonly args: Args; readonly io: Io };

/** The command for one kind of devices. */
export function configCommand(kind: Kind): Command {
  return {
    category: kind.category,
    name: 'config',
    help: kind.help,
    arguments: [
      { ...(kind.noun === 'Node' ? NAMES_ARGUMENT : DEVICES_ARGUMENT), isList: false },
      {
        name: 'KEY=VALUE',
        help: 'what to set, as ram=2G; without it the settings are shown (see walt help show settings)',
        isOptional: true,
        isList: true,
        names: 'setting',
      },
    ],
    options: [YES_OPTION, JSON_OPTION],
    async run(client, args, io) {
      const [names = '', ...words] = args.words;
      const parts = { client, args, io };
      if (words.length === 0) return await show(kind, names, parts);
      await change(kind, { names, words }, parts);
    },
  };
}

async function show({ shows }: Kind, words: string, { client, args, io }: Parts): Promise<void> {
  const names = await resolveNames([words], { client, user: io.user });
  const reply = await client.call(shows, { names });
  if (args.flags.has('json')) return io.out(JSON.stringify(reply, null, 2));
  const rows = rowsOf(reply);
  if (rows.length > 0) {
    io.out(table(['name', 'setting', 'value', 'default', 'meaning'], rows, io.columns));
  }
  const bare = reply.devices.filter(({ settings }) => settings.length === 0);
  for (const { name } of bare) io.note(`Device ${name} has no settings.`);
}

function rowsOf({ devices }: Reply<'devices.settings'>): string[][] {
  return devices.flatMap(({ name, settings }) =>
    settings.map(({ key, value, isDefault, isHidden, help }) => [
      ...[name, key, isHidden ? '(not shown)' : value],
      isHidden ? '' : isDefault ? 'yes' : 'no',
      help,
    ]),
  );
}

async function change(
  { category, noun, changes }: Kind,
  asked: { readonly names: string; readonly words: readonly string[] },
  { client, args, io }: Parts,
): Promise<void> {
  const { settings: known } = await client.call('settings.list');
  const command = `walt ${category} config`;
  const hint = `Between names there are commas: ${command} ${asked.names},`;
  const settings = readGiven(asked.words, { command, hint, known });
  const names = await resolveNames([asked.names], { client, user: io.user });
  const takesOthers = await confirmOthers(names, { client, args, io });
  const reply = await client.call(changes, {
    ...{ names, settings, takesOthers },
    losesData: args.flags.has('yes'),
  });
  if (args.flags.has('json')) return io.out(JSON.stringify(reply, null, 2));
  for (const line of changedLines(reply.devices, { noun, settings })) io.out(line);
  for (const line of effectLines(reply.devices, noun)) io.note(line);
}
