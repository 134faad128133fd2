// `walt node remove`: virtual nodes with all that they have.
import { type Command, YES_OPTION } from '../../command-line/command.ts';
import { forEachNamed } from '../../names/each-named.ts';
import { confirmOthers } from '../../names/others-nodes.ts';

export const nodeRemove: Command = {
  category: 'node',
  name: 'remove',
  help: 'remove virtual nodes, with their disks',
  arguments: [
    { name: 'NAMES', help: 'nodes, also with commas between them', isList: true, names: 'node' },
  ],
  options: [YES_OPTION],
  async run(client, args, io) {
    await forEachNamed(args.words, {
      client,
      before: (names) => confirmOthers(names, { client, args, io }),
      act: async (node, takesOthers) => {
        const { mac, ip } = await client.call('nodes.remove', { node, takesOthers });
        io.out(`Virtual node ${node} (${mac}) is removed, and ${ip} is free.`);
      },
    });
  },
};
