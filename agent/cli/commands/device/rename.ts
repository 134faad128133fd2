// `walt device rename`: gives a device, such as a new node, the name that people shall know it by.
import type { DeviceView } from '../../../api/types.ts';
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
    const path = `/api/v1/devices/${encodeURIComponent(from)}/rename`;
    const { name } = await client.post<DeviceView>(path, { name: to, takesOthers });
    io.out(`Device ${from} is now called ${name}.`);
  },
};
