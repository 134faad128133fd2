// `walt node release`: gives nodes back: they boot the default image of their model.
import type { Asked } from '../../client.ts';
import { type Command, YES_OPTION } from '../../command-line/command.ts';
import { NAMES_ARGUMENT } from '../../names/node-names.ts';
import { switchNodes } from '../../names/switch-nodes.ts';

export const nodeRelease: Command = {
  category: 'node',
  name: 'release',
  help: 'give nodes back: they boot the default image and are free',
  arguments: [NAMES_ARGUMENT],
  options: [YES_OPTION],
  async run(client, args, io) {
    const { words } = args;
    const ask = (asked: Asked<'nodes.release'>) => client.call('nodes.release', asked);
    await switchNodes({ ask, words, unchanged: ', and so free for all' }, { client, args, io });
  },
};
