// `walt token create|list|revoke`: by what programs of a user prove whose they are.
import type { TokenView } from '../../../api/calls/people/users.ts';
import { type Command, JSON_OPTION } from '../../command-line/command.ts';
import { CommandError } from '../../command-line/command-error.ts';
import { roleNamed } from '../../names/role-named.ts';
import { table } from '../../texts/table.ts';

export const tokenCreate: Command = {
  category: 'token',
  name: 'create',
  help: 'make a token for a program of yours; it is shown this once',
  arguments: [{ name: 'NAME', help: 'what it is for' }],
  options: [
    { name: 'days', value: 'N', help: 'until it expires (90)' },
    { name: 'role', value: 'ROLE', help: 'the most that it may (all that you may)' },
    { name: 'json', help: JSON_OPTION.help },
  ],
  async run(client, { words: [name = ''], flags, values }, io) {
    const days = daysOf(values.get('days') ?? '90');
    const role = values.get('role');
    const most = role === undefined ? {} : { role: roleNamed(role) };
    const made = await client.call('tokens.create', { name, days, ...most });
    if (flags.has('json')) return io.out(JSON.stringify(made, null, 2));
    io.out(made.token);
    io.note(`It is shown this once, and expires ${dateOf(made.expires)}.`);
  },
};

export const tokenList: Command = {
  category: 'token',
  name: 'list',
  help: 'list your tokens',
  options: [{ name: 'all', help: 'those of all users (administrators)' }, JSON_OPTION],
  async run(client, { flags }, io) {
    const { tokens } = await client.call('tokens.list', { all: flags.has('all') });
    if (flags.has('json')) return io.out(JSON.stringify({ tokens }, null, 2));
    if (tokens.length === 0) return io.note('There is none: walt token create NAME');
    const head = ['id', 'user', 'name', 'role', 'expires'];
    io.out(table(head, tokens.map(rowOf)));
  },
};

export const tokenRevoke: Command = {
  category: 'token',
  name: 'revoke',
  help: 'end a token',
  arguments: [{ name: 'ID', help: 'as walt token list has it' }],
  async run(client, { words: [id = ''] }, io) {
    const { user, name } = await client.call('tokens.revoke', { id });
    io.out(`Token ${id} of ${user} (${name}) is nothing any more.`);
  },
};

function rowOf({ id, user, name, role, expires }: TokenView): string[] {
  return [id, user, name, role, dateOf(expires)];
}

function dateOf(micros: number): string {
  return new Date(micros / 1000).toISOString().slice(0, 10);
}

function daysOf(text: string): number {
  const days = Number(text);
  if (/^\d{1,4}$/.test(text) && days >= 1 && days <= 3650) return days;
  throw new CommandError(`Nothing was changed: --days is '${text}', expected 1 to 3650`);
}
