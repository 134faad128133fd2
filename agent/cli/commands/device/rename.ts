// `walt device rename`: gives a device, such as a new node, the name that people shall know it by.
import type { DeviceView } from '../../../api/types.ts';
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
    const path = `/api/v1/devices/${encodeURIComponent(from)}/rename`;
    const { name } = await client.post<DeviceView>(path, { name: to });
    io.out(`Device ${from} is now called ${name}.`);
  },
};
