// `walt node acquire`: makes nodes yours, with a clone of the default image of their model.
import type { Asked } from '../../client.ts';
import { type Command, YES_OPTION } from '../../command-line/command.ts';
import { NAMES_ARGUMENT } from '../../names/node-names.ts';
import { switchNodes } from '../../names/switch-nodes.ts';

export const nodeAcquire: Command = {
  category: 'node',
  name: 'acquire',
  help: 'make nodes yours: they boot your clone of the default image',
  arguments: [NAMES_ARGUMENT],
  options: [YES_OPTION],
  async run(client, args, io) {
    const { words } = args;
    const ask = (asked: Asked<'nodes.acquire'>) => client.call('nodes.acquire', asked);
    await switchNodes({ ask, words, unchanged: ', which is yours' }, { client, args, io });
  },
};
