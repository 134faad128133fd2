// `walt node blink`: lets a light of a node blink, so that people find it in the rack.
import { type Command, YES_OPTION } from '../../../command-line/command.ts';
import { CommandError, StatusError } from '../../../command-line/command-error.ts';
import { confirmOthers } from '../../../names/others-nodes.ts';
import { runRemotely } from '../../../terminal/remote-shell.ts';

const USUAL = 60;
const MOST = 3600;

export const nodeBlink: Command = {
  category: 'node',
  name: 'blink',
  help: 'let a light of a node blink, so that you find it',
  arguments: [{ name: 'NODE', help: 'its name', names: 'node' }],
  options: [
    { name: 'seconds', value: 'S', help: `for how long (by default ${USUAL}); ctrl-C ends it` },
    YES_OPTION,
  ],
  async run(client, args, io) {
    const [node = ''] = args.words;
    const seconds = readSeconds(args.values.get('seconds'));
    const takesOthers = await confirmOthers([node], { client, args, io });
    const lines = client.lines('nodes.blink', { node, takesOthers, seconds });
    const { status } = await runRemotely(lines, { client, io, isDeaf: true });
    if (status !== 0) throw new StatusError(status);
  },
};

function readSeconds(text = String(USUAL)): number {
  const seconds = Number(text);
  if (/^\d+$/.test(text) && seconds >= 1 && seconds <= MOST) return seconds;
  throw new CommandError(`Cannot blink for '${text}' seconds, expected a number from 1 to ${MOST}`);
}
