// `walt log show`: log lines of the past, those to come, or both without a gap.
import type { LogView } from '../../../api/calls/logs.ts';
import type { Asked } from '../../client.ts';
import { type Args, type Command, type Io, JSON_OPTION } from '../../command-line/command.ts';
import { CommandError } from '../../command-line/command-error.ts';
import { type HistoryRange, parseHistory } from '../../texts/history-range.ts';
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
    const isWanted = filterOf(args);
    const print = args.flags.has('json') ? JSON.stringify : lineText;
    const asked = askedBy(args);
    if (asked === undefined) return;
    const isLimited = !args.values.has('history') && !args.flags.has('realtime');
    const last: LogView[] = [];
    let left = 0;
    for await (const log of client.lines('logs.read', asked)) {
      if (!isWanted(log)) continue;
      if (!isLimited) {
        io.out(print(log));
        continue;
      }
      last.push(log);
      if (last.length > LAST) left += last.splice(0, 1).length;
    }
    for (const log of last) io.out(print(log));
    if (isLimited) tellLimits({ shown: last.length, left }, io);
  },
};

/** `10:45:49.188989 walt-server.platform.devices -> new node name=…` */
export function lineText({ at, issuer, stream, line }: LogView): string {
  return `${timeOfDay(at)} ${issuer}.${stream} -> ${line}`;
}

/** @returns undefined where nothing is asked for */
function askedBy({ flags, values }: Args): Asked<'logs.read'> | undefined {
  const isRealtime = flags.has('realtime');
  const history = values.get('history') ?? (isRealtime ? 'none' : 'full');
  const range = parseHistory(history, Date.now() * 1000);
  if (range === undefined && !isRealtime) return undefined;
  return {
    ...(range === undefined ? {} : spanOf(range)),
    realtime: isRealtime,
    ...prefixOf(flags),
  };
}

/** The server takes a question without `from` and `to` for one without history. */
function spanOf({ from = 0, to }: HistoryRange): HistoryRange {
  return { from, ...(to === undefined ? {} : { to }) };
}

/** Streams of one kind are chosen by the server; both kinds here. */
function prefixOf(flags: ReadonlySet<string>): { stream?: string } {
  if (flags.has('platform') === flags.has('server')) return {};
  return { stream: flags.has('platform') ? PLATFORM : SERVER };
}

function filterOf({ words: [pattern], flags, values }: Args): (log: LogView) => boolean {
  const inLine = regexp(pattern);
  const inStream = regexp(values.get('streams'));
  const kinds = [
    ...(flags.has('platform') ? [PLATFORM] : []),
    ...(flags.has('server') ? [SERVER] : []),
  ];
  const isOfKind = (stream: string) =>
    kinds.length === 0 || kinds.some((kind) => stream.startsWith(kind));
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

function tellLimits(
  { shown, left }: { readonly shown: number; readonly left: number },
  io: Io,
): void {
  if (left > 0) io.note(`These are the last ${LAST}; --history full shows ${left} more.`);
  if (shown === 0) io.note('No such line yet. --realtime waits for new ones.');
}
