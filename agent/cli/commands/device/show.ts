// `walt device show`: everything seen on the network of the nodes.
import type { DeviceView } from '../../../api/calls/devices.ts';
import {
  type Command,
  type Io,
  JSON_OPTION,
  NAMES_ONLY_OPTION,
} from '../../command-line/command.ts';
import { table } from '../../texts/table.ts';

export const deviceShow: Command = {
  category: 'device',
  name: 'show',
  help: 'list the server, the nodes and the devices that are no nodes (yet)',
  options: [NAMES_ONLY_OPTION, JSON_OPTION],
  async run(client, { flags }, io) {
    const reply = await client.call('devices.list');
    if (flags.has('json')) return io.out(JSON.stringify(reply, null, 2));
    const devices = reply.devices.toSorted((left, right) => left.name.localeCompare(right.name));
    if (flags.has('names-only')) {
      for (const { name } of devices) io.out(name);
      return;
    }
    const known = devices.filter(({ type }) => type !== 'unknown');
    const unknown = devices.filter(({ type }) => type === 'unknown');
    io.out(`Known devices:\n\n${devicesTable(known, io)}`);
    if (unknown.length === 0) return;
    io.out(`\nUnknown devices:\n\n${devicesTable(unknown, io, ['note'])}`);
  },
};

/** Serial numbers have a column where a device has one. */
function devicesTable(
  devices: readonly DeviceView[],
  { columns: width }: Pick<Io, 'columns'>,
  more: readonly 'note'[] = [],
): string {
  const optional = devices.some(({ serial }) => serial !== null)
    ? (['serial', ...more] as const)
    : more;
  const rows = devices.map((device) => [
    ...cells(device),
    ...optional.map((key) => device[key] ?? ''),
  ]);
  return table(['name', 'ip', 'mac', 'type', 'netsetup', ...optional], rows, width);
}

function cells({ name, ip, mac, type, virtual, bootsLocal, netsetup }: DeviceView): string[] {
  const what = `${virtual ? 'virtual' : 'physical'}${bootsLocal ? ', boot-local' : ''}`;
  const kind = type === 'node' ? `node (${what})` : type;
  return [name, ip, mac, kind, netsetup ?? ''];
}
