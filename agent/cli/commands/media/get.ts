// `walt media get`: copies a medium into a folder of yours.
import { resolve } from 'node:path';
import { sizeText } from '../../../host/text/size-text.ts';
import { type Command, YES_OPTION } from '../../command-line/command.ts';
import { getMedium, hasMedium } from '../../media/get-medium.ts';
import { mediumNamed } from '../../media/medium.ts';
import { confirm } from '../../terminal/confirm.ts';

export const mediaGet: Command = {
  category: 'media',
  name: 'get',
  help: 'copy a boot medium into a folder',
  arguments: [
    { name: 'NAME', help: 'the medium, as walt media show lists it', names: 'medium' },
    { name: 'DIR', help: 'the folder; without it, this one', isOptional: true },
  ],
  options: [YES_OPTION],
  async run(client, { words: [name = '', dir = '.'], flags }, io) {
    const medium = await mediumNamed(client, name);
    const target = resolve(io.folder, dir, medium.name);
    const state = await hasMedium(target, medium);
    if (state === 'same') return io.out(`${target} is there already.`);
    if (state === 'other') {
      await confirm(`${target} is another file, and will be replaced.`, { io, flags });
    }
    await getMedium(medium, { target, replaces: state === 'other', io });
    io.out(`${target} (${sizeText(medium.bytes)}), SHA-256 ${medium.sha256}`);
  },
};
