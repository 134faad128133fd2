// `walt node boot` and its other name `deploy`: lets nodes boot an image of yours, or start from their own disks.
import type { Asked } from '../../client.ts';
import { type Command, YES_OPTION } from '../../command-line/command.ts';
import { NAMES_ARGUMENT } from '../../names/node-names.ts';
import { switchNodes } from '../../names/switch-nodes.ts';

/** Words that stand for the default image of each node's model, and for its own disk; any other one names an image. */
const CALLS: Readonly<Record<string, 'nodes.release' | 'nodes.bootLocal'>> = {
  default: 'nodes.release',
  'boot-local': 'nodes.bootLocal',
};

function booting(name: string, help: string): Command {
  return {
    category: 'node',
    name,
    help,
    arguments: [
      { ...NAMES_ARGUMENT, isList: false },
      {
        name: 'IMAGE',
        help: 'an image of yours, default for the default image of their model, or boot-local for their own disks',
        names: 'boot-image',
      },
    ],
    options: [YES_OPTION],
    async run(client, args, io) {
      const [names = '', image = ''] = args.words;
      const call = Object.hasOwn(CALLS, image) ? CALLS[image] : undefined;
      const ask = (asked: Asked<'nodes.release'>) =>
        call === undefined
          ? client.call('nodes.boot', { ...asked, image })
          : client.call(call, asked);
      await switchNodes({ ask, words: [names], unchanged: '' }, { client, args, io });
    },
  };
}

export const nodeBoot = booting('boot', 'let nodes boot an image of yours; they are yours then');
export const nodeDeploy = booting('deploy', 'the same as walt node boot');
