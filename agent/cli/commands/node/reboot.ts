// `walt node reboot`: asks the running system of nodes to reboot.
import type { RebootReply } from '../../../api/types.ts';
import { type Command, YES_OPTION } from '../../command-line/command.ts';
import { CommandError } from '../../command-line/command-error.ts';
import { NAMES_ARGUMENT, resolveNames } from '../../names/node-names.ts';
import { confirmOthers } from '../../names/others-nodes.ts';

export const nodeReboot: Command = {
  category: 'node',
  name: 'reboot',
  help: 'reboot nodes by asking their running system to',
  arguments: [NAMES_ARGUMENT],
  options: [YES_OPTION],
  async run(client, args, io) {
    const names = await resolveNames(args.words, { client, user: io.user });
    const takesOthers = await confirmOthers(names, { client, args, io });
    const body = { names, takesOthers };
    const { results } = await client.post<RebootReply>('/api/v1/nodes/reboot', body);
    for (const { name } of results.filter(({ error }) => error === null)) {
      io.out(`Node ${name}: rebooted ok.`);
    }
    const failures = results.filter(({ error }) => error !== null);
    if (failures.length === 0) return;
    throw new CommandError(
      failures.map(({ name, error }) => `Node ${name}: not rebooted: ${error}`).join('\n'),
    );
  },
};
