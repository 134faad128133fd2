// `walt device tree`: what is behind which port of which switch.
import { type Command, JSON_OPTION } from '../../command-line/command.ts';
import { treeLines } from '../../texts/tree.ts';

export const deviceTree: Command = {
  category: 'device',
  name: 'tree',
  help: 'show which device is behind which port of which switch',
  options: [JSON_OPTION],
  async run(client, { flags }, io) {
    const reply = await client.call('devices.tree');
    if (flags.has('json')) return io.out(JSON.stringify(reply, null, 2));
    if (reply.switches.length === 0) {
      return io.out('No device is known to be a switch. See walt help show switch-install.');
    }
    for (const line of treeLines(reply.switches)) io.out(line);
    for (const { name, error } of reply.switches) {
      if (error !== null) io.note(`Switch ${name} did not answer: ${error}`);
    }
    if (reply.unplaced.length === 0) return;
    io.out(`\nOf these devices no switch has said where they are: ${reply.unplaced.join(', ')}`);
  },
};
