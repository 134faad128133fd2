// `walt device rename`: gives a device, such as a new node, the name that people shall know it by.
import { type Command, YES_OPTION } from '../../command-line/command.ts';
import { confirmOthers } from '../../names/others-nodes.ts';

export const deviceRename: Command = {
  category: 'device',
  name: 'rename',
  help: 'give a device another name',
  arguments: [
    { name: 'OLD', help: 'its name now', names: 'device' },
    { name: 'NEW', help: '2 to 63 letters, digits and dashes, a letter first' },
  ],
  options: [YES_OPTION],
  async run(client, args, io) {
    const [from = '', to = ''] = args.words;
    const takesOthers = await confirmOthers([from], { client, args, io });
    const asked = { device: from, name: to, takesOthers };
    const { name } = await client.call('devices.rename', asked);
    io.out(
      from === name
        ? `Device ${name} has this name already.`
        : `Device ${from} is now called ${name}.`,
    );
  },
};
