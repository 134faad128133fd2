// `walt device forget`: machines that do not come back, or never were any, leave the list and give up their addresses.
import { type Command, YES_OPTION } from '../../command-line/command.ts';
import { forEachNamed } from '../../names/each-named.ts';
import { confirmOthersFiles, stayingFiles } from '../../names/others-files.ts';
import { confirmOthers } from '../../names/others-nodes.ts';

export const deviceForget: Command = {
  category: 'device',
  name: 'forget',
  help: 'forget devices that do not come back',
  arguments: [
    {
      name: 'NAMES',
      help: 'devices, also with commas between them',
      isList: true,
      names: 'device',
    },
  ],
  options: [
    { name: 'force', help: 'also nodes that have booted before' },
    { name: 'kept', help: 'remove what they kept in /persist, too, of all owners' },
    YES_OPTION,
  ],
  async run(client, args, io) {
    const asked = { force: args.flags.has('force'), removesKept: args.flags.has('kept') };
    await forEachNamed(args.words, {
      client,
      before: async (names) => {
        const ofOthers = await confirmOthers(names, { client, args, io });
        const withFiles =
          asked.removesKept && (await confirmOthersFiles(names, { client, args, io }));
        return ofOthers || withFiles;
      },
      act: async (device, takesOthers) => {
        const { owners } = await client.call('devices.kept', { device });
        const { mac, ip } = await client.call('devices.forget', { ...asked, device, takesOthers });
        io.out(`Device ${device} (${mac}) is forgotten, and ${ip} is free.`);
        const staying = asked.removesKept ? undefined : stayingFiles(device, owners);
        if (staying !== undefined) io.out(staying);
      },
    });
  },
};
