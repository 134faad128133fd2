// `walt device rescan`: asks the switches what is behind their ports.
import type { Command } from '../../command-line/command.ts';
import { StatusError } from '../../command-line/command-error.ts';

export const deviceRescan: Command = {
  category: 'device',
  name: 'rescan',
  help: 'ask the switches which device is behind which port',
  async run(client, _args, io) {
    const { switches } = await client.call('devices.rescan', {});
    if (switches.length === 0) {
      return io.out('No switch may be asked. See walt help show switch-install.');
    }
    for (const { name, error } of switches) {
      if (error === null) io.out(`Switch ${name} has answered.`);
      else io.note(`Switch ${name}: ${error}`);
    }
    io.out('walt device tree shows what is behind which port.');
    if (switches.some(({ error }) => error !== null)) throw new StatusError(1);
  },
};
