// `walt node remove`: a virtual node with all that it has.
import { type Command, YES_OPTION } from '../../command-line/command.ts';
import { confirmOthers } from '../../names/others-nodes.ts';

export const nodeRemove: Command = {
  category: 'node',
  name: 'remove',
  help: 'remove a virtual node, with its disks',
  arguments: [{ name: 'NAME', help: 'its name', names: 'node' }],
  options: [YES_OPTION],
  async run(client, args, io) {
    const [node = ''] = args.words;
    const takesOthers = await confirmOthers([node], { client, args, io });
    const { mac, ip } = await client.call('nodes.remove', { node, takesOthers });
    io.out(`Virtual node ${node} (${mac}) is removed, and ${ip} is free.`);
  },
};
