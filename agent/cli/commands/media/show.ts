// `walt media show`: the boot media of this installation.
import { sizeText } from '../../../host/text/size-text.ts';
import { type Command, JSON_OPTION, NAMES_ONLY_OPTION } from '../../command-line/command.ts';
import { NO_MEDIA } from '../../media/medium.ts';
import { table } from '../../texts/table.ts';

export const mediaShow: Command = {
  category: 'media',
  name: 'show',
  help: 'list the boot media, and which machine needs which',
  options: [NAMES_ONLY_OPTION, JSON_OPTION],
  async run(client, { flags }, io) {
    const reply = await client.call('media.list');
    if (flags.has('json')) return io.out(JSON.stringify(reply.media, null, 2));
    if (flags.has('names-only')) {
      for (const { name } of reply.media) io.out(name);
      return;
    }
    if (reply.media.length === 0) return io.out(NO_MEDIA);
    const rows = reply.media.map(({ name, bytes, machines }) => [name, sizeText(bytes), machines]);
    io.out(table(['name', 'size', 'for'], rows, io.columns));
  },
};
