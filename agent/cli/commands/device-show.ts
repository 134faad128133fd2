// `walt device show`: everything seen on the network of the nodes.
import type { DevicesReply, DeviceView } from '../../api/types.ts';
import { type Command, JSON_OPTION } from '../command.ts';
import { table } from '../table.ts';

export const deviceShow: Command = {
  category: 'device',
  name: 'show',
  help: 'list the server, the nodes and the devices that are no nodes (yet)',
  options: [JSON_OPTION],
  async run(client, { flags }, io) {
    const reply = await client.get<DevicesReply>('/api/v1/devices');
    if (flags.has('json')) return io.out(JSON.stringify(reply, null, 2));
    const devices = reply.devices.toSorted((left, right) => left.name.localeCompare(right.name));
    const known = devices.filter(({ type }) => type !== 'unknown');
    const unknown = devices.filter(({ type }) => type === 'unknown');
    io.out(`Known devices:\n\n${table(['name', 'ip', 'mac', 'type'], known.map(cells))}`);
    if (unknown.length === 0) return;
    const rows = unknown.map((device) => [...cells(device), device.note ?? '']);
    io.out(`\nUnknown devices:\n\n${table(['name', 'ip', 'mac', 'type', 'note'], rows)}`);
  },
};

function cells({ name, ip, mac, type, virtual }: DeviceView): string[] {
  const kind = type === 'node' ? `node (${virtual ? 'virtual' : 'physical'})` : type;
  return [name, ip, mac, kind];
}
