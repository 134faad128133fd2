// `walt log show`: log lines of the past, those to come, or both without a gap.
import type { LogView } from '../../../api/calls/logs.ts';
import { oneLine } from '../../../host/shown-text.ts';
import type { Client } from '../../client.ts';
import { type Args, type Command, type Io, JSON_OPTION } from '../../command-line/command.ts';
import { CommandError } from '../../command-line/command-error.ts';
import { lastId, lastLines, type Wanted } from '../../log/last-lines.ts';
import { resumedLines } from '../../log/resumed-lines.ts';
import { parseHistory } from '../../texts/history-range.ts';
import { timeOfDay } from '../../texts/time.ts';

/** Shown where neither --history nor --realtime is given. */
const LAST = 100;

const PLATFORM = 'platform.';
const SERVER = 'daemon.';

export const logShow: Command = {
  category: 'log',
  name: 'show',
  help: `show log lines: the last ${LAST}, a part of the past, or each as it comes`,
  arguments: [{ name: 'REGEXP', help: 'only lines that match it', isOptional: true }],
  options: [
    { name: 'platform', help: 'only what the platform says of devices, nodes and images' },
    { name: 'server', help: 'only trouble of the server itself' },
    { name: 'streams', value: 'REGEXP', help: 'only streams that match it' },
    { name: 'history', value: 'RANGE', help: 'none, full or START:END, as -5m: or -2h:-1h' },
    { name: 'realtime', help: 'show new lines as they come, until ctrl-C' },
    { name: 'json', help: `${JSON_OPTION.help}, one object a line` },
  ],
  async run(client, args, io) {
    const { flags, values } = args;
    const print = flags.has('json') ? JSON.stringify : lineText;
    const wanted = { stream: prefixOf(flags), isWanted: filterOf(args) };
    const isLimited = !flags.has('realtime') && !values.has('history');
    if (isLimited) return await showLast(client, { ...wanted, print }, io);
    const { stream, isWanted = () => true } = wanted;
    for await (const log of linesFor(args, { client, stream, io })) {
      if (isWanted(log)) io.out(print(log));
    }
  },
};

/** `10:45:49.188989 walt-server.platform.devices -> new node name=…` */
export function lineText({ at, issuer, stream, line }: LogView): string {
  return oneLine(`${timeOfDay(at)} ${issuer}.${stream} -> ${line}`);
}

async function showLast(
  client: Client,
  { print, ...wanted }: Wanted & { readonly print: (log: LogView) => string },
  io: Io,
): Promise<void> {
  const { lines, hasMore } = await lastLines(client, { ...wanted, most: LAST });
  for (const log of lines) io.out(print(log));
  if (hasMore) io.note(`These are the last ${LAST}; --history full shows all.`);
  if (lines.length === 0) io.note('No such line yet. --realtime waits for new ones.');
}

/** The past, where it is wanted, and then, if that is wanted, each line as it comes. */
async function* linesFor(
  { flags, values }: Args,
  { client, stream, io }: Pick<Wanted, 'stream'> & { readonly client: Client; readonly io: Io },
): AsyncGenerator<LogView> {
  const past = parseHistory(values.get('history') ?? 'none', Date.now() * 1000);
  if (!flags.has('realtime')) {
    if (past !== undefined) yield* client.lines('logs.read', { ...past, stream });
    return;
  }
  const after = await lastId(client);
  if (past !== undefined) {
    yield* resumedLines(client, { ...past, stream, before: after + 1 }, io);
  }
  yield* resumedLines(client, { stream, after, realtime: true }, io);
}

/** Streams of one kind are chosen by the server; both kinds here. */
function prefixOf(flags: Args['flags']): string | undefined {
  if (flags.has('platform') === flags.has('server')) return undefined;
  return flags.has('platform') ? PLATFORM : SERVER;
}

/** What the server does not select; undefined where that is nothing. */
function filterOf({ words: [pattern], flags, values }: Args): Wanted['isWanted'] {
  const hasBoth = flags.has('platform') && flags.has('server');
  if (pattern === undefined && !values.has('streams') && !hasBoth) return undefined;
  const inLine = regexp(pattern);
  const inStream = regexp(values.get('streams'));
  const isOfKind = (stream: string) =>
    !hasBoth || stream.startsWith(PLATFORM) || stream.startsWith(SERVER);
  return ({ line, stream }) => isOfKind(stream) && inStream.test(stream) && inLine.test(line);
}

function regexp(pattern = ''): RegExp {
  try {
    return new RegExp(pattern);
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw new CommandError(`Cannot use '${pattern}': ${cause.message}`, { cause });
  }
}
