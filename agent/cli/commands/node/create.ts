// `walt node create`: makes a virtual node of yours.
import type { Command } from '../../command-line/command.ts';
import { readGiven } from '../../settings/given.ts';

export const nodeCreate: Command = {
  category: 'node',
  name: 'create',
  help: 'make a virtual node of yours, and boot it',
  arguments: [
    { name: 'NAME', help: 'what it is to be called' },
    {
      name: 'KEY=VALUE',
      help: 'a setting that is not to have its default, as ram=2G (see walt help show settings)',
      isOptional: true,
      isList: true,
      names: 'new-setting',
    },
  ],
  async run(client, args, io) {
    const [name = '', ...words] = args.words;
    const known = words.length === 0 ? [] : (await client.call('settings.list')).settings;
    const settings = readGiven(words, { command: 'walt node create', known });
    const { mac, ip, image, note } = await client.call('nodes.create', { name, settings });
    io.out(`Virtual node ${name} (${mac}, ${ip}) is created, and boots ${image ?? 'once it can'}.`);
    if (note !== null) io.note(`It waits: ${note}.`);
  },
};
