// `walt node shell`: a shell of root on a running node.
import { type Command, YES_OPTION } from '../../../command-line/command.ts';
import { StatusError } from '../../../command-line/command-error.ts';
import { confirmOthers } from '../../../names/others-nodes.ts';
import { runRemotely } from '../../../terminal/remote-shell.ts';

export const nodeShell: Command = {
  category: 'node',
  name: 'shell',
  help: 'open a shell on a running node; what is changed there is gone at its next boot',
  arguments: [{ name: 'NODE', help: 'its name', names: 'node' }],
  options: [YES_OPTION],
  async run(client, args, io) {
    const { words } = args;
    const [node = ''] = words;
    const takesOthers = await confirmOthers(words, { client, args, io, wakes: true });
    const terminal = io.ask === undefined ? undefined : io.wire.terminal();
    const lines = client.lines('nodes.shell', { node, takesOthers, terminal });
    const { status } = await runRemotely(lines, { client, io });
    if (status !== 0) throw new StatusError(status);
  },
};
