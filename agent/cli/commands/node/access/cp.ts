// `walt node cp`: copies files and folders to nodes, from them, and between them.
import { type Command, YES_OPTION } from '../../../command-line/command.ts';
import { CommandError } from '../../../command-line/command-error.ts';
import { copy } from '../../../copying/copy.ts';
import { namedPlace, placeOf } from '../../../copying/place.ts';
import { confirmOthers } from '../../../names/others-nodes.ts';
import { NoServerError } from '../../../no-server-error.ts';

export const nodeCp: Command = {
  category: 'node',
  name: 'cp',
  help: 'copy files and folders to a running node, from it, or to another one',
  arguments: [
    { name: 'SOURCE', help: 'a path, or NODE:PATH', names: 'node-path' },
    {
      name: 'TARGET',
      help: 'a path, or NODE:PATH; words before the last one are sources too',
      names: 'node-path',
      isList: true,
    },
  ],
  options: [YES_OPTION],
  async run(client, args, io) {
    const places = args.words.map(placeOf);
    const to = places.at(-1) ?? { path: '' };
    const sources = places.slice(0, -1).map(namedPlace);
    if (to.node === undefined && sources.some(({ node }) => node === undefined)) {
      throw new CommandError(
        'walt node cp: a source or the target has to be of a node, as pc-1:/etc/motd',
      );
    }
    const names = [...new Set(places.flatMap(({ node }) => node ?? []))];
    const takesOthers = await confirmOthers(names, { client, args, io });
    const isFolder = sources.length > 1 || to.path.endsWith('/');
    for (const from of sources) {
      await copy({ from, to, isFolder, takesOthers }, { client, io }).catch((thrown: unknown) => {
        if (!(thrown instanceof CommandError) || thrown instanceof NoServerError) throw thrown;
        const where = `${shown(from)} to ${shown(to)}`;
        throw new CommandError(`Cannot copy ${where}: ${thrown.message}`, { cause: thrown });
      });
    }
  },
};

function shown({ node, path }: ReturnType<typeof placeOf>): string {
  return node === undefined ? path : `${node}:${path}`;
}
