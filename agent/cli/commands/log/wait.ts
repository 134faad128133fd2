// `walt log wait`: returns once the log has a line that matches, of any node or of each. A restart of the server meanwhile does
// not end it, and no line is missed.
import type { LogView } from '../../../api/calls/logs.ts';
import type { Client } from '../../client.ts';
import type { Command, Io } from '../../command-line/command.ts';
import { CommandError } from '../../command-line/command-error.ts';
import { lastId } from '../../log/last-lines.ts';
import { DEFAULT_FORMAT, logFormat } from '../../log/log-format.ts';
import { type LogQuery, logQuery, QUERY_OPTIONS } from '../../log/log-query.ts';
import { resumedLines } from '../../log/resumed-lines.ts';
import { nodesText } from '../../names/node-names.ts';
import { parseTimeout } from '../../texts/timeout.ts';

const MODES = ['ANY', 'ALL'];

export const logWait: Command = {
  category: 'log',
  name: 'wait',
  help: 'wait until the log has a line that matches',
  arguments: [{ name: 'REGEXP', help: 'what the line has to match' }],
  options: [
    ...QUERY_OPTIONS,
    {
      name: 'mode',
      value: 'MODE',
      help: 'ANY: one line (default); ALL: one of each node of --nodes',
    },
    { name: 'time-margin', value: 'S', help: 'lines of the last S seconds count too' },
    { name: 'timeout', value: 'S', help: 'give up after so many seconds' },
  ],
  async run(client, args, io) {
    const { values } = args;
    const end = performance.now() + parseTimeout(values.get('timeout')) * 1000;
    const margin = parseMargin(values.get('time-margin'));
    const isAll = parseMode(values.get('mode'));
    const query = await logQuery(args, { client, io, isOfPast: false });
    const missing = new Set(isAll ? namesFor(query) : []);
    const print = logFormat(DEFAULT_FORMAT);
    for await (const log of linesFor({ query, margin, end }, client, io)) {
      if (query.keep?.([log]).length === 0 || (isAll && !missing.delete(log.issuer))) continue;
      io.out(print(log));
      if (missing.size === 0) return;
    }
    const of = missing.size === 0 ? '' : `\nNo such line of ${inSentence([...missing])} yet.`;
    throw new CommandError(`Timeout was reached.${of}`);
  },
};

function inSentence(names: readonly string[]): string {
  const text = nodesText(names);
  return `${text.charAt(0).toLowerCase()}${text.slice(1)}`;
}

async function* linesFor(
  asked: { readonly query: LogQuery; readonly margin: number; readonly end: number },
  client: Client,
  io: Io,
): AsyncGenerator<LogView> {
  const { query, margin, end } = asked;
  const after = await lastId(client);
  if (margin > 0) {
    const from = (Date.now() - margin * 1000) * 1000;
    const past = { ...query.selection, from, before: after + 1 };
    yield* resumedLines(client, past, io);
  }
  yield* resumedLines(client, { ...query.selection, after, realtime: true }, io, end);
}

/** @throws {CommandError} where nobody is named */
function namesFor({ names }: LogQuery): readonly string[] {
  if (names !== undefined) return names;
  throw new CommandError('Mode ALL waits for a line of each node: say which, as --nodes my-nodes');
}

function parseMode(mode: string | undefined): boolean {
  if (mode === undefined || MODES.includes(mode)) return mode === 'ALL';
  throw new CommandError(`Cannot wait in mode '${mode}', expected ALL or ANY`);
}

function parseMargin(text = '0'): number {
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text);
  throw new CommandError(`Cannot use time margin '${text}', expected seconds, as 30`);
}
