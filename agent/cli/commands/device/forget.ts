// `walt device forget`: a machine that does not come back, or never was one, leaves the list and gives up its address.
import { type Command, YES_OPTION } from '../../command-line/command.ts';
import { confirmOthers } from '../../names/others-nodes.ts';

export const deviceForget: Command = {
  category: 'device',
  name: 'forget',
  help: 'forget a device that does not come back',
  arguments: [{ name: 'NAME', help: 'its name', names: 'device' }],
  options: [
    { name: 'force', help: 'also a node that has booted before' },
    { name: 'kept', help: 'remove what it kept in /persist, too, of all owners' },
    YES_OPTION,
  ],
  async run(client, args, io) {
    const [device = ''] = args.words;
    const takesOthers = await confirmOthers([device], { client, args, io });
    const removesKept = args.flags.has('kept');
    const asked = { device, force: args.flags.has('force'), removesKept, takesOthers };
    const { mac, ip } = await client.call('devices.forget', asked);
    io.out(`Device ${device} (${mac}) is forgotten, and ${ip} is free.`);
  },
};
