// `walt node rename`: gives a node the name that people shall know it by.
import { type Command, YES_OPTION } from '../../command-line/command.ts';
import { confirmOthers } from '../../names/others-nodes.ts';

export const nodeRename: Command = {
  category: 'node',
  name: 'rename',
  help: 'give a node another name',
  arguments: [
    { name: 'OLD', help: 'its name now', names: 'node' },
    { name: 'NEW', help: '2 to 63 letters, digits and dashes, a letter first' },
  ],
  options: [YES_OPTION],
  async run(client, args, io) {
    const [from = '', to = ''] = args.words;
    const takesOthers = await confirmOthers([from], { client, args, io });
    const { name } = await client.call('nodes.rename', { node: from, name: to, takesOthers });
    io.out(
      from === name ? `Node ${name} has this name already.` : `Node ${from} is now called ${name}.`,
    );
  },
};
