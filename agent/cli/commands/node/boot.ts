// `walt node boot` and its other name `deploy`: lets nodes boot an image of yours.
import type { Asked } from '../../client.ts';
import { type Command, YES_OPTION } from '../../command-line/command.ts';
import { NAMES_ARGUMENT } from '../../names/node-names.ts';
import { switchNodes } from '../../names/switch-nodes.ts';

/** The word that stands for the default image of each node's model. */
const DEFAULT = 'default';

function booting(name: string, help: string): Command {
  return {
    category: 'node',
    name,
    help,
    arguments: [
      { ...NAMES_ARGUMENT, isList: false },
      {
        name: 'IMAGE',
        help: 'an image of yours, or default for the default image of their model',
        names: 'boot-image',
      },
    ],
    options: [YES_OPTION],
    async run(client, args, io) {
      const [names = '', image = ''] = args.words;
      const ask = (asked: Asked<'nodes.release'>) =>
        image === DEFAULT
          ? client.call('nodes.release', asked)
          : client.call('nodes.boot', { ...asked, image });
      await switchNodes({ ask, words: [names], unchanged: '' }, { client, args, io });
    },
  };
}

export const nodeBoot = booting('boot', 'let nodes boot an image of yours; they are yours then');
export const nodeDeploy = booting('deploy', 'the same as walt node boot');
