// `walt node remove`: virtual nodes with all that they have.
import { type Command, YES_OPTION } from '../../command-line/command.ts';
import { forEachNamed } from '../../names/each-named.ts';
import { confirmOthersFiles } from '../../names/others-files.ts';
import { confirmOthers } from '../../names/others-nodes.ts';

export const nodeRemove: Command = {
  category: 'node',
  name: 'remove',
  help: 'remove virtual nodes, with their disks and what they keep in /persist',
  arguments: [
    { name: 'NAMES', help: 'nodes, also with commas between them', isList: true, names: 'node' },
  ],
  options: [YES_OPTION],
  async run(client, args, io) {
    await forEachNamed(args.words, {
      client,
      before: async (names) => {
        const ofOthers = await confirmOthers(names, { client, args, io });
        return (await confirmOthersFiles(names, { client, args, io })) || ofOthers;
      },
      act: async (node, takesOthers) => {
        const { mac, ip } = await client.call('nodes.remove', { node, takesOthers });
        io.out(`Virtual node ${node} (${mac}) is removed, and ${ip} is free.`);
      },
    });
  },
};
