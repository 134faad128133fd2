// `walt device rename`: gives a device, such as a new node, the name that people shall know it by.
import type { Command } from '../../command-line/command.ts';

export const deviceRename: Command = {
  category: 'device',
  name: 'rename',
  help: 'give a device another name',
  arguments: [
    { name: 'OLD', help: 'its name now', names: 'device' },
    { name: 'NEW', help: '2 to 63 letters, digits and dashes, a letter first' },
  ],
  async run(client, { words: [from = '', to = ''] }, io) {
    const { name } = await client.call('devices.rename', { device: from, name: to });
    io.out(`Device ${from} is now called ${name}.`);
  },
};
