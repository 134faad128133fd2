// `walt device ping` and `walt node ping`: whether a machine answers, as the server sees it.
import type { Command } from '../command-line/command.ts';
import { CommandError } from '../command-line/command-error.ts';
import { runRemotely } from '../terminal/remote-shell.ts';

const USUAL = 10;
const MOST = 1000;
/** ping(8) says so that no answer came. */
const SILENT = 1;

/** Any device that is known. */
export const devicePing: Command = pingCommand('device');
/** Nodes alone. */
export const nodePing: Command = pingCommand('node');

function pingCommand(category: 'device' | 'node'): Command {
  return {
    category,
    name: 'ping',
    help: `see whether a ${category} answers the server`,
    arguments: [{ name: 'NAME', help: 'its name', names: category }],
    options: [
      { name: 'count', value: 'N', help: `ask so often, once a second (by default ${USUAL})` },
    ],
    async run(client, { words: [name = ''], values }, io) {
      const count = readCount(values.get('count'));
      if (category === 'node') await client.call('nodes.show', { node: name });
      const lines = client.lines('devices.ping', { device: name, count });
      const { status } = await runRemotely(lines, { client, io, isDeaf: true });
      if (status === 0) return;
      const what = status === SILENT ? 'does not answer' : 'cannot be asked';
      throw new CommandError(`${category === 'node' ? 'Node' : 'Device'} ${name} ${what}.`);
    },
  };
}

function readCount(text = String(USUAL)): number {
  const count = Number(text);
  if (/^\d+$/.test(text) && count >= 1 && count <= MOST) return count;
  throw new CommandError(`Cannot ask '${text}' times, expected a number from 1 to ${MOST}, as 3`);
}
