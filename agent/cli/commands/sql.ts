// `walt advanced sql`: questions to the server's database.
import type { Client } from '../client.ts';
import {
  type Args,
  type Command,
  type Io,
  JSON_OPTION,
  YES_OPTION,
} from '../command-line/command.ts';
import { CommandError } from '../command-line/command-error.ts';
import { NoServerError } from '../no-server-error.ts';
import { confirm } from '../terminal/confirm.ts';
import { table } from '../texts/table.ts';

type Row = Readonly<Record<string, unknown>>;

const WARNING =
  'Statements may change the database below the running server, which learns of it when it starts anew and may write over it before.';

export const advancedSql: Command = {
  category: 'advanced',
  name: 'sql',
  help: "put questions to the server's database (SQLite)",
  arguments: [
    { name: 'SQL', help: 'run this and end; the same as --command SQL', isOptional: true },
  ],
  options: [
    {
      name: 'command',
      short: 'c',
      value: 'SQL',
      help: 'run this and end; without it the statements are typed, or read from standard input',
    },
    { name: 'write', help: 'let statements change something; for root alone' },
    YES_OPTION,
    { ...JSON_OPTION, help: 'print each result as JSON' },
  ],
  async run(client, args, io) {
    await requireMeant(args, io);
    const given = args.words[0] ?? args.values.get('command');
    if (given !== undefined) return await answer(client, given, { args, io });
    if (io.ask === undefined) return await answer(client, await textOf(io), { args, io });
    await talk(client, { args, io });
  },
};

async function requireMeant(args: Args, io: Io): Promise<void> {
  if (!args.flags.has('write')) return;
  if (process.getuid?.() !== 0) {
    throw new CommandError('walt advanced sql: only root may use --write. Nothing was changed.');
  }
  await confirm(WARNING, { io, flags: args.flags });
}

type Talk = { readonly args: Args; readonly io: Io };

/** A statement may go on over several lines, up to a semicolon. */
async function talk(client: Client, { args, io }: Talk): Promise<void> {
  io.note(
    'Statements end with a semicolon; ctrl-D ends this. The tables: SELECT name FROM sqlite_schema;',
  );
  let text = '';
  for (;;) {
    const line = await io.ask?.(text === '' ? 'sql> ' : '...> ');
    if (
      line === undefined ||
      (text === '' && /^\s*(quit|exit|\\q|\.quit|\.exit)\s*;?\s*$/i.test(line))
    ) {
      return;
    }
    text = text === '' ? line : `${text}\n${line}`;
    if (text.trim() === '') text = '';
    if (!/;\s*$/.test(text)) continue;
    const statements = text;
    text = '';
    await answer(client, statements, { args, io }).catch((thrown: unknown) => {
      if (!(thrown instanceof CommandError) || thrown instanceof NoServerError) throw thrown;
      io.note(thrown.message);
    });
  }
}

async function answer(client: Client, sql: string, { args, io }: Talk): Promise<void> {
  if (sql.trim() === '') throw new CommandError('walt advanced sql: there is no statement');
  const write = args.flags.has('write');
  const results = new Map<number, Row[]>();
  let isWhole = false;
  for await (const line of client.lines('database.sql', { sql, write })) {
    if (line.kind === 'failed') throw new CommandError(inWords(line.error, write));
    if (line.kind === 'done') isWhole = true;
    else results.set(line.result, [...(results.get(line.result) ?? []), line.row]);
  }
  if (!isWhole) throw new CommandError('The server ended before all rows were there.');
  if (args.flags.has('json'))
    return io.out(JSON.stringify({ results: [...results.values()] }, null, 2));
  io.out([...results.values()].map((rows) => resultText(rows, io)).join('\n\n'));
}

function inWords(error: string, write: boolean): string {
  if (write || !error.includes('readonly database')) return error;
  return 'Nothing was changed: statements may only read, expected --write (for root) where they change something.';
}

function resultText(rows: readonly Row[], { columns }: Pick<Io, 'columns'>): string {
  const names = Object.keys(rows[0] ?? {});
  const cells = rows.map((row) => names.map((name) => cellText(row[name])));
  const count = rows.length === 1 ? '1 row' : `${rows.length} rows`;
  return `${table(names, cells, columns)}\n(${count})`;
}

function cellText(value: unknown): string {
  if (value === null || value === undefined) return 'NULL';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

async function textOf({ wire, signal }: Io): Promise<string> {
  const parts: Uint8Array[] = [];
  await new Promise<void>((resolve) => {
    const stop = wire.connect({
      onInput: async (bytes) => void parts.push(bytes),
      onEnd: () => {
        stop();
        resolve();
      },
      onResize: () => undefined,
    });
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
  return Buffer.concat(parts).toString();
}
