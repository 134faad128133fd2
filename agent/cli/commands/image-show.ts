// `walt image show`: the images that nodes can boot.
import type { ImagesReply, ImageView } from '../../api/types.ts';
import { type Command, JSON_OPTION } from '../command.ts';
import { table } from '../table.ts';
import { dateAndTime } from '../time.ts';

export const imageShow: Command = {
  category: 'image',
  name: 'show',
  help: 'list the images of this server',
  options: [JSON_OPTION],
  async run(client, { flags }, io) {
    const reply = await client.get<ImagesReply>('/api/v1/images');
    if (flags.has('json')) return io.out(JSON.stringify(reply, null, 2));
    if (reply.images.length === 0) {
      return io.note(
        'There is no image yet. walt help show images-import says how to bring one in.',
      );
    }
    const images = reply.images.toSorted((left, right) => left.name.localeCompare(right.name));
    io.out(table(['name', 'in-use', 'created', 'compatibility'], images.map(cells)));
  },
};

function cells({ name, inUse, created, models }: ImageView): string[] {
  return [name, inUse ? 'yes' : 'no', dateAndTime(created), models.join(',')];
}
