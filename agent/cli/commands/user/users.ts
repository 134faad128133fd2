// `walt user create|show|config|remove`: who may use the server from other machines.
import type { UserView } from '../../../api/calls/people/users.ts';
import { type Command, type Io, JSON_OPTION } from '../../command-line/command.ts';
import { CommandError } from '../../command-line/command-error.ts';
import { ROLES, roleNamed } from '../../names/role-named.ts';
import { table } from '../../texts/table.ts';

const ROLE_OPTION = { name: 'role', value: 'ROLE', help: `what they may: ${ROLES.join(', ')}` };
const PASSWORD_OPTION = { name: 'password', help: 'ask for a password of theirs, for walt login' };
/** As the server demands. */
const SHORTEST = 12;
const NAME = { name: 'NAME', help: 'their name, as in their images NAME/…' };

export const userCreate: Command = {
  category: 'user',
  name: 'create',
  help: 'let somebody use the server from other machines',
  arguments: [NAME],
  options: [{ ...ROLE_OPTION, help: `${ROLE_OPTION.help} (user)` }, PASSWORD_OPTION],
  async run(client, { words: [name = ''], flags, values }, io) {
    const role = roleNamed(values.get('role') ?? 'user');
    const password = flags.has('password') ? await askPassword(io) : undefined;
    await client.call('users.create', { name, role, password });
    io.out(`User ${name} has role ${role}.`);
    if (password !== undefined) return;
    io.note(
      `They have no password for walt login: walt user config ${name} --password gives them one, WALT_USER=${name} walt token create NAME on the server a token.`,
    );
  },
};

export const userConfig: Command = {
  category: 'user',
  name: 'config',
  help: 'give a user another role or password, or disable them; with another password their tokens end',
  arguments: [NAME],
  options: [
    ROLE_OPTION,
    PASSWORD_OPTION,
    { name: 'disable', help: 'they have no way in, and their tokens and sessions end' },
    { name: 'enable', help: 'they have a way in again' },
  ],
  async run(client, { words: [name = ''], flags, values }, io) {
    const given = values.get('role');
    const role = given === undefined ? undefined : roleNamed(given);
    const isDisabled = isDisabledBy(flags);
    const password = flags.has('password') ? await askPassword(io) : undefined;
    const user = await client.call('users.change', { name, role, password, isDisabled });
    const more = password === undefined ? '' : ', and a password';
    io.out(`User ${name} has role ${user.role}${more}${user.isDisabled ? ', and no way in' : ''}.`);
  },
};

export const userShow: Command = {
  category: 'user',
  name: 'show',
  help: 'list who may use the server from other machines',
  options: [JSON_OPTION],
  async run(client, { flags }, io) {
    const { users } = await client.call('users.list');
    if (flags.has('json')) return io.out(JSON.stringify({ users }, null, 2));
    if (users.length === 0) return io.note('Nobody yet: walt user create NAME --role admin');
    io.out(table(['name', 'role', 'comes by'], users.map(rowOf)));
  },
};

export const userRemove: Command = {
  category: 'user',
  name: 'remove',
  help: 'let a user use the server from other machines no more',
  arguments: [NAME],
  async run(client, { words: [name = ''] }, io) {
    await client.call('users.remove', { name });
    io.out(`User ${name} is removed, and their tokens. Their images and nodes stay theirs.`);
  },
};

function rowOf({ name, role, hasPassword, provider, isDisabled }: UserView): string[] {
  const way = hasPassword ? 'password, tokens' : 'tokens';
  return [name, role, isDisabled ? 'no way: disabled' : (provider ?? way)];
}

function isDisabledBy(flags: ReadonlySet<string>): boolean | undefined {
  if (flags.has('disable') && flags.has('enable')) {
    throw new CommandError('Nothing was changed: expected --disable or --enable, not both.');
  }
  if (flags.has('disable')) return true;
  return flags.has('enable') ? false : undefined;
}

async function askPassword({ askSecret }: Io): Promise<string> {
  if (askSecret === undefined) {
    throw new CommandError('Nothing was changed: there is no terminal to ask for a password on.');
  }
  const password = await askSecret(`Password (${SHORTEST} characters or more): `);
  if (password && password.length < SHORTEST) {
    throw new CommandError(`Nothing was changed: expected ${SHORTEST} characters or more.`);
  }
  const again = await askSecret('The same again: ');
  if (password && password === again) return password;
  throw new CommandError('Nothing was changed: the two are not the same.');
}
