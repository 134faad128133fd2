// `walt log show`: log lines of the past, those to come, or both without a gap.
import type { LogView } from '../../../api/calls/logs.ts';
import type { Client } from '../../client.ts';
import { type Args, type Command, type Io, JSON_OPTION } from '../../command-line/command.ts';
import { lastId, lastLines } from '../../log/last-lines.ts';
import { DATED_FORMAT, DEFAULT_FORMAT, logFormat } from '../../log/log-format.ts';
import { type LogQuery, logQuery, QUERY_OPTIONS } from '../../log/log-query.ts';
import { resumedLines } from '../../log/resumed-lines.ts';
import {
  type HistoryRange,
  hasCheckpoint,
  isOverADay,
  parseHistory,
} from '../../texts/history-range.ts';

/** Shown where neither --history nor --realtime is given. */
const LAST = 100;
/** Lines of the past are selected so many at a time. */
const PAGE = 1000;

export const logShow: Command = {
  category: 'log',
  name: 'show',
  help: `show log lines: the last ${LAST}, a part of the past, or each as it comes`,
  arguments: [{ name: 'REGEXP', help: 'only lines that match it', isOptional: true }],
  options: [
    ...QUERY_OPTIONS,
    {
      name: 'history',
      value: 'RANGE',
      help: 'none, full or START:END, as -5m:, -2h:-1h or my-checkpoint:',
    },
    { name: 'realtime', help: 'show new lines as they come, until ctrl-C' },
    { name: 'format', value: 'F', help: `as '${DEFAULT_FORMAT}'` },
    { name: 'json', help: `${JSON_OPTION.help}, one object a line` },
  ],
  async run(client, args, io) {
    const { flags, values } = args;
    const now = Date.now() * 1000;
    const range = await rangeOf(values.get('history') ?? 'none', { now, client });
    const print = printerOf(args, range !== undefined && isOverADay(range, now));
    const isOfPast = !flags.has('realtime');
    const query = await logQuery(args, { client, io, isOfPast });
    const isLimited = !flags.has('realtime') && !values.has('history');
    if (isLimited) return await showLast(client, { query, print }, io);
    const asked = { query, range, isRealtime: !isOfPast };
    let shown = 0;
    for await (const logs of pagesFor(asked, client, io)) {
      for (const log of query.keep?.(logs) ?? logs) {
        io.out(print(log));
        shown += 1;
      }
    }
    if (shown === 0) io.note('No such line in this part of the past.');
  },
};

async function rangeOf(
  text: string,
  { now, client }: { readonly now: number; readonly client: Client },
): Promise<HistoryRange | undefined> {
  if (!hasCheckpoint(text)) return parseHistory(text, now);
  const { checkpoints } = await client.call('logs.checkpoints');
  const times = new Map(checkpoints.map(({ name, at }) => [name, at]));
  return parseHistory(text, now, (name) => times.get(name));
}

/** @param isDated the lines may be of several days */
function printerOf({ flags, values }: Args, isDated: boolean): (log: LogView) => string {
  const format = logFormat(values.get('format') ?? (isDated ? DATED_FORMAT : DEFAULT_FORMAT));
  return flags.has('json') ? JSON.stringify : format;
}

async function showLast(
  client: Client,
  { query, print }: { readonly query: LogQuery; readonly print: (log: LogView) => string },
  io: Io,
): Promise<void> {
  const { lines, hasMore } = await lastLines(client, {
    past: query.selection,
    keep: query.keep,
    most: LAST,
  });
  for (const log of lines) io.out(print(log));
  if (hasMore) io.note(`These are the last ${LAST}; --history full shows all.`);
  if (lines.length === 0) io.note('No such line yet. --realtime waits for new ones.');
}

type Asked = {
  readonly query: LogQuery;
  readonly range: HistoryRange | undefined;
  readonly isRealtime: boolean;
};

/** The past, where it is wanted, and then, if that is wanted, each line as it comes. */
async function* pagesFor(
  { query, range, isRealtime }: Asked,
  client: Client,
  io: Io,
): AsyncGenerator<readonly LogView[]> {
  const { selection } = query;
  if (!isRealtime) {
    if (range !== undefined) yield* inPages(client.lines('logs.read', { ...range, ...selection }));
    return;
  }
  const after = await lastId(client);
  if (range !== undefined) {
    yield* inPages(resumedLines(client, { ...range, ...selection, before: after + 1 }, io));
  }
  for await (const log of resumedLines(client, { ...selection, after, realtime: true }, io)) {
    yield [log];
  }
}

async function* inPages(lines: AsyncIterable<LogView>): AsyncGenerator<readonly LogView[]> {
  let page: LogView[] = [];
  for await (const log of lines) {
    page.push(log);
    if (page.length < PAGE) continue;
    yield page;
    page = [];
  }
  yield page;
}
