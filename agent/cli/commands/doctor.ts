// `walt doctor`: examines the server, and says for each failure what it means and what mends it.
import type { CheckView } from '../../api/calls/doctor.ts';
import { version } from '../../version.ts';
import type { Client } from '../client.ts';
import { type Command, type Io, JSON_OPTION } from '../command-line/command.ts';
import { CommandError } from '../command-line/command-error.ts';
import { NoServerError } from '../no-server-error.ts';

const WORDS = { ok: 'ok', skipped: 'skipped', warning: 'WARNING', failed: 'FAILED' } as const;

export const doctor: Command = {
  category: 'advanced',
  name: 'doctor',
  help: 'examine the server (walt doctor does the same); ends with 1 if something fails',
  options: [{ ...JSON_OPTION, help: 'print JSON, for monitoring' }],
  async run(client, { flags }, io) {
    const api = await apiCheck(client);
    if (api.status !== 'failed' && !flags.has('json')) io.live.show('Examining the server…');
    const others = api.status === 'failed' ? [] : (await client.call('server.examine')).checks;
    io.live.clear();
    const checks = [api, ...others];
    if (flags.has('json')) io.out(JSON.stringify({ checks }, null, 2));
    else show(checks, io);
    const failures = checks.filter(({ status }) => status === 'failed').map(({ name }) => name);
    if (failures.length > 0) {
      throw new CommandError(
        `${failures.length} of ${checks.length} checks failed: ${failures.join(', ')}.`,
      );
    }
    if (!flags.has('json')) io.out('The server is well.');
  },
};

async function apiCheck(client: Client): Promise<CheckView> {
  const name = 'api';
  try {
    const server = await client.call('server.version');
    const detail = `walt-server ${server.version} answers`;
    if (server.version === version) return { name, status: 'ok', detail };
    return {
      ...{ name, status: 'warning', detail: `${detail}, and this command is of ${version}` },
      meaning: 'A command of another version may not know what the server can do.',
      mend: 'install both from one release',
    };
  } catch (thrown) {
    if (!(thrown instanceof NoServerError)) throw thrown;
    return {
      ...{ name, status: 'failed', detail: thrown.message.replaceAll('\n', ' ') },
      meaning: 'The server does not run, or you may not ask it. Nothing else could be examined.',
      mend:
        thrown.start ??
        'systemctl restart walt-server; journalctl -b -u walt-server tells why it ended',
    };
  }
}

function show(checks: readonly CheckView[], { out }: Pick<Io, 'out'>): void {
  const width = Math.max(...checks.map(({ name }) => name.length));
  for (const { name, status, detail, meaning, mend } of checks) {
    out(`${WORDS[status].padEnd(7)}  ${name.padEnd(width)}  ${detail}`);
    const indent = ' '.repeat(width + 11);
    if (meaning !== undefined) out(`${indent}${meaning}`);
    if (mend !== undefined) out(`${indent}What to do: ${mend}`);
  }
}
