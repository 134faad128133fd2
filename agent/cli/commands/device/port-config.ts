// `walt device port-config`: the ports of a switch, and what people call them.
import type { Client, Reply } from '../../client.ts';
import { type Command, type Io, JSON_OPTION } from '../../command-line/command.ts';
import { CommandError } from '../../command-line/command-error.ts';
import { table } from '../../texts/table.ts';

export const devicePortConfig: Command = {
  category: 'device',
  name: 'port-config',
  help: 'show the ports of a switch, or give one a name',
  arguments: [
    { name: 'SWITCH', help: 'its name', names: 'device' },
    { name: 'PORT', help: 'number of a port, or its name', isOptional: true },
    {
      name: 'name=NAME',
      help: 'what the port is to be called; name= takes the name away',
      isOptional: true,
    },
  ],
  options: [JSON_OPTION],
  async run(client, { words: [device = '', port, setting], flags }, io) {
    if (port !== undefined && setting !== undefined) {
      return await rename(client, { device, port, setting }, io);
    }
    const reply = await client.call('devices.ports', { device });
    const ports = reply.ports.filter(
      ({ port: number, name }) => port === undefined || port === name || port === String(number),
    );
    if (port !== undefined && ports.length === 0) {
      throw new CommandError(
        `${device} has no port '${port}'. Its ports: walt device port-config ${device}`,
      );
    }
    if (flags.has('json')) return io.out(JSON.stringify({ ...reply, ports }, null, 2));
    const rows = ports.map((one) => [
      ...[String(one.port), one.name, one.poe ? 'yes' : 'no'],
      one.isLink ? 'to a switch or the server' : '',
      one.devices.join(', '),
    ]);
    io.out(table(['port', 'name', 'poe', 'link', 'devices'], rows, io.columns));
    if (port === undefined && reply.ports.some(({ poe }) => poe)) io.out(`\n${learntText(reply)}`);
  },
};

/** What boards take at the switch. */
function learntText({ learnt, waiting }: Reply<'devices.ports'>): string {
  const lines = learnt.map(({ model, watts, gap, boards }) => {
    const power = watts === null ? 'the watts of the class of its port' : `up to ${watts} W`;
    const pace = `${gap / 1000} s after each other (learnt from ${boards})`;
    return `Boards ${model || 'of no known model'}: ${power} each, ${pace}.`;
  });
  const other = learnt.length === 0 ? 'Boards' : 'Other boards';
  const safe = `${other}: the watts of the class of their port each, a second after each other (nothing is learnt yet).`;
  const now = waiting === 0 ? [] : [`${waiting} wait for their turn to get power.`];
  return [...lines, safe, ...now].join('\n');
}

async function rename(
  client: Client,
  asked: { readonly device: string; readonly port: string; readonly setting: string },
  io: Pick<Io, 'out'>,
): Promise<void> {
  const { device, port, setting } = asked;
  const [, name] = /^name=(.*)$/s.exec(setting) ?? [];
  if (name === undefined) {
    throw new CommandError(
      `Nothing was changed: expected name=NAME behind the port, and not '${setting}'.`,
    );
  }
  await client.call('devices.namePort', { device, port, name });
  io.out(
    name === ''
      ? `Port ${port} of ${device} has the name again that the switch has for it.`
      : `Port ${port} of ${device} is now called ${name}.`,
  );
}
