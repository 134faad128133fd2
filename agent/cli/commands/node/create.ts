// `walt node create`: makes a virtual node of yours.
import type { Command } from '../../command-line/command.ts';

export const nodeCreate: Command = {
  category: 'node',
  name: 'create',
  help: 'make a virtual node of yours, and boot it',
  arguments: [{ name: 'NAME', help: 'what it is to be called' }],
  async run(client, args, io) {
    const [name = ''] = args.words;
    const { mac, ip, image, note } = await client.call('nodes.create', { name });
    io.out(`Virtual node ${name} (${mac}, ${ip}) is created, and boots ${image ?? 'once it can'}.`);
    if (note !== null) io.note(`It waits: ${note}.`);
  },
};
