// `walt node reboot`: asks the running system of nodes to reboot, or reboots them by their power.
import { type Command, YES_OPTION } from '../../command-line/command.ts';
import { CommandError } from '../../command-line/command-error.ts';
import { NAMES_ARGUMENT, resolveNames } from '../../names/node-names.ts';
import { confirmOthers } from '../../names/others-nodes.ts';
import { rebootNodes } from '../../reboot-nodes.ts';

export const nodeReboot: Command = {
  category: 'node',
  name: 'reboot',
  help: 'reboot nodes by asking their running system to',
  arguments: [NAMES_ARGUMENT],
  options: [
    { name: 'hard', help: 'cut their power instead (see walt help show power)' },
    YES_OPTION,
  ],
  async run(client, args, io) {
    const names = await resolveNames(args.words, { client, user: io.user });
    const takesOthers = await confirmOthers(names, { client, args, io });
    const asked = { names, takesOthers, hard: args.flags.has('hard') };
    const failures = await rebootNodes(asked, { client, io });
    if (failures.length > 0) throw new CommandError(failures.join('\n'));
  },
};
