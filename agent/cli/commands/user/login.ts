// `walt login`, `walt logout`: the same command for a server on another machine.
import { yesOrNo } from '../../../host/text/yes-or-no.ts';
import { createClient } from '../../client.ts';
import type { Command, Io } from '../../command-line/command.ts';
import { CommandError } from '../../command-line/command-error.ts';
import { serverUrl } from '../../remote/remote-server.ts';
import { type ShownAuthority, shownAuthority } from '../../remote/shown-authority.ts';

export const login: Command = {
  category: 'user',
  name: 'login',
  help: 'use a server on another machine from now on (walt login does the same)',
  arguments: [{ name: 'URL', help: 'as https://192.0.2.1:8443' }],
  options: [
    { name: 'fingerprint', value: 'F', help: 'of its authority, as the server says at its start' },
    { name: 'token', help: 'ask for a token in place of a password' },
  ],
  async run(_client, { words: [typed = ''], flags, values }, io) {
    const url = serverUrl(typed, 'URL');
    const file = fileOf(io);
    const shown = await shownAuthority(url);
    if (!shown.isTrusted || values.has('fingerprint')) {
      await checkFingerprint(shown, { url, expected: values.get('fingerprint'), io });
    }
    const ca = shown.isTrusted ? {} : { ca: shown.pem };
    const clientWith = (token: string) =>
      createClient({ remote: { url, token, ...ca }, user: '', signal: io.signal });
    const token = flags.has('token')
      ? await asked(io.askSecret, 'Token: ')
      : await tokenByPassword(clientWith(''), io);
    const { user, role } = await clientWith(token).call('users.whoAmI');
    file.write({ url, user, token, ...ca });
    io.out(`You are ${user} (${role}) on ${url}. walt logout ends that.`);
    sayWhatWins(url, io);
  },
};

export const logout: Command = {
  category: 'user',
  name: 'logout',
  help: 'use the server of this machine again (walt logout does the same)',
  async run(_client, _args, io) {
    const isGone = fileOf(io).remove();
    io.out(
      isGone
        ? 'You are logged out. On the server, walt token list lists what is left.'
        : 'You were not logged in.',
    );
  },
};

/** A login that the next command does not use is not to look like one that it does. */
function sayWhatWins(url: string, { named, note }: Pick<Io, 'named' | 'note'>): void {
  if (named === undefined) return;
  const { variable, value } = named;
  if (variable === 'WALT_SERVER' && value.replace(/\/$/, '') === url) return;
  note(`${variable} is set to ${value}, and wins: unset ${variable} to use this login.`);
}

async function checkFingerprint(
  { fingerprint }: ShownAuthority,
  { url, expected, io }: { url: string; expected: string | undefined; io: Io },
): Promise<void> {
  const plain = (text: string) => text.replaceAll(/[:\s]/g, '').toUpperCase();
  if (expected !== undefined) {
    if (plain(expected) === plain(fingerprint)) return;
    throw new CommandError(`Nothing was changed: ${url} has another fingerprint: ${fingerprint}`);
  }
  io.note(`The authority of ${url} has fingerprint\n${fingerprint}`);
  if (io.ask === undefined) throw noTerminal();
  const question = 'Is it what the server said at its start? (yes/no) ';
  if (!(await yesOrNo(question, { ask: io.ask }))) throw new CommandError('Nothing was changed.');
}

async function tokenByPassword(client: ReturnType<typeof createClient>, io: Io): Promise<string> {
  const user = await asked(io.ask, 'User: ');
  const password = await asked(io.askSecret, 'Password: ');
  const { token } = await client.call('users.logIn', { user: user.trim(), password });
  return token;
}

async function asked(ask: Io['ask'], question: string): Promise<string> {
  if (ask === undefined) throw noTerminal();
  const answer = await ask(question);
  if (!answer) throw new CommandError('Nothing was changed.');
  return answer.trim();
}

function noTerminal(): CommandError {
  return new CommandError(
    'Nothing was changed: there is no terminal to ask on. A script sets WALT_SERVER, WALT_TOKEN and WALT_CA instead of logging in (walt help show remote).',
  );
}

function fileOf({ login: file }: Io) {
  if (file === undefined) throw new CommandError('Nothing was changed: there is no home folder.');
  return file;
}
