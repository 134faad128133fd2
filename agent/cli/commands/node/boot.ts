// `walt node boot` and its other name `deploy`: lets nodes boot an image of yours, or start from their own disks.
import type { Asked, Client } from '../../client.ts';
import { type Command, YES_OPTION } from '../../command-line/command.ts';
import { NAMES_ARGUMENT } from '../../names/node-names.ts';
import { switchNodes } from '../../names/switch-nodes.ts';

/** Words that stand for the default image of each node's model, and for its own disk; any other one names an image. */
const CALLS = {
  // Who only gives a node back wants it to sleep on; who wants it to boot does not.
  default: (client: Client, asked: Asking) =>
    client.call('nodes.release', { ...asked, wakes: true }),
  'boot-local': (client: Client, asked: Asking) => client.call('nodes.bootLocal', asked),
};

type Asking = Asked<'nodes.bootLocal'>;

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
      const ask = (asked: Asking) =>
        image === 'default' || image === 'boot-local'
          ? CALLS[image](client, asked)
          : client.call('nodes.boot', { ...asked, image });
      await switchNodes({ ask, words: [names], unchanged: '' }, { client, args, io });
    },
  };
}

export const nodeBoot = booting('boot', 'let nodes boot an image of yours; they are yours then');
export const nodeDeploy = booting('deploy', 'the same as walt node boot');
