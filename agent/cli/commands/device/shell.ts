// `walt device shell`: a shell on a device that is no node, as a switch, by ssh on the server.
import type { Command } from '../../command-line/command.ts';
import { StatusError } from '../../command-line/command-error.ts';
import { runRemotely } from '../../terminal/remote-shell.ts';

export const deviceShell: Command = {
  category: 'device',
  name: 'shell',
  help: 'open a shell on a device that is no node, by ssh',
  arguments: [{ name: 'NAME', help: 'its name', names: 'device' }],
  options: [{ name: 'user', value: 'ACCOUNT', help: 'account on the device (by default root)' }],
  async run(client, { words: [device = ''], values }, io) {
    const account = values.get('user') ?? 'root';
    const terminal = io.ask === undefined ? undefined : io.wire.terminal();
    const lines = client.lines('devices.shell', { device, account, terminal });
    const { status } = await runRemotely(lines, { client, io });
    if (status !== 0) throw new StatusError(status);
  },
};
