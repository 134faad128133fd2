// Which lines of the log a command is about. The server selects what it has an index for; the rest is selected here.
import type { LogView } from '../../api/calls/logs.ts';
import type { Client } from '../client.ts';
import type { Args, Io, Option } from '../command-line/command.ts';
import { CommandError } from '../command-line/command-error.ts';
import { resolveNames } from '../names/node-names.ts';

/** What the server selects. */
export type Selection = {
  /** streams that begin so */
  readonly stream?: string | undefined;
  /** names with commas between them */
  readonly issuers?: string | undefined;
  /** regular expressions */
  readonly lineMatches?: string | undefined;
  readonly streamMatches?: string | undefined;
  /** names of streams, with commas between them */
  readonly exceptStreams?: string | undefined;
};

/** The lines that are wanted. */
export type LogQuery = {
  /** the issuers that were named; undefined where none was */
  readonly names: readonly string[] | undefined;
  readonly selection: Selection;
  /** those of the lines that are wanted; undefined where all that the server selects are */
  readonly keep: ((logs: readonly LogView[]) => readonly LogView[]) | undefined;
};

/** Of it there is more than of all else: only who names streams reads it here. `walt node console` shows it better. */
const CONSOLES = 'console';
const AUDIT = 'audit';

/** Of each command that reads the log. */
export const QUERY_OPTIONS: readonly Option[] = [
  { name: 'platform', help: 'only what the platform says of devices, nodes and images' },
  { name: 'server', help: 'only trouble of the server itself' },
  { name: 'audit', help: 'only who called the server to change what, and from where' },
  { name: 'nodes', value: 'SET', help: 'only what these nodes say, as my-nodes or pc-1,pc-2' },
  { name: 'issuers', value: 'SET', help: 'the same; server stands for the server' },
  { name: 'emitters', value: 'SET', help: 'the same, as in WalT 10' },
  {
    name: 'streams',
    value: 'REGEXP',
    help: `only streams that match it; without it, all but ${CONSOLES} and ${AUDIT}`,
  },
];

const PLATFORM = 'platform.';
const SERVER = 'daemon.';
const SERVER_NAME = 'walt-server';
/** Characters of names: more of them make a request too long. */
const LONGEST = 8000;

type Asking = {
  readonly client: Client;
  readonly io: Io;
  /** no line that is still to come counts */
  readonly isOfPast: boolean;
};

/** @throws {CommandError} if nobody can have said such a line */
export async function logQuery(
  { words: [pattern], flags, values }: Args,
  asking: Asking,
): Promise<LogQuery> {
  const names = await issuersOf(values, asking);
  const kinds = [
    ...(flags.has('platform') ? [PLATFORM] : []),
    ...(flags.has('server') ? [SERVER] : []),
    ...(flags.has('audit') ? [AUDIT] : []),
  ];
  const issuers = listed(names);
  const tests = [
    ...(kinds.length < 2 ? [] : [kindTest(kinds)]),
    ...(names === undefined || issuers !== undefined ? [] : [issuerTest(names)]),
  ];
  return {
    names,
    selection: {
      stream: kinds.length === 1 ? kinds[0] : undefined,
      issuers,
      lineMatches: pattern,
      streamMatches: values.get('streams'),
      exceptStreams: unwanted({ flags, values }),
    },
    keep: tests.length === 0 ? undefined : (logs) => tests.reduce((left, test) => test(left), logs),
  };
}

function unwanted({ flags, values }: Pick<Args, 'flags' | 'values'>): string | undefined {
  if (values.has('streams')) return undefined;
  return flags.has('audit') ? CONSOLES : `${CONSOLES},${AUDIT}`;
}

type Test = (logs: readonly LogView[]) => readonly LogView[];

const kindTest =
  (kinds: readonly string[]): Test =>
  (logs) =>
    logs.filter(({ stream }) => kinds.some((kind) => stream.startsWith(kind)));

function issuerTest(names: readonly string[]): Test {
  const wanted = new Set(names);
  return (logs) => logs.filter(({ issuer }) => wanted.has(issuer));
}

async function issuersOf(
  values: Args['values'],
  { client, io, isOfPast }: Asking,
): Promise<string[] | undefined> {
  const words = ['nodes', 'issuers', 'emitters'].flatMap(
    (name) => values.get(name)?.split(',') ?? [],
  );
  if (words.length === 0) return undefined;
  const others = words.filter((word) => word !== 'server');
  const named = words.length > others.length ? [SERVER_NAME] : [];
  if (others.length === 0) return named;
  const names = await resolveNames(others, { client, user: io.user });
  const isOnlyPast = isOfPast && named.length === 0;
  return [...named, ...(await asWritten(names, { client, io, isOfPast: isOnlyPast }))];
}

/** Names are found however they are written; the log has them as they are. Devices that are gone have lines all the same. */
async function asWritten(
  names: readonly string[],
  { client, io, isOfPast }: Asking,
): Promise<string[]> {
  const { devices } = await client.call('devices.list');
  const { sources } = await client.call('logs.sources');
  const all = [...sources.map(({ issuer }) => issuer), ...devices.map(({ name }) => name)];
  const known = new Map(all.map((name) => [name.toLowerCase(), name]));
  const unknown = names.filter((name) => !known.has(name.toLowerCase()));
  const complaints = unknown.map(
    (name) => `There is no device '${name}', and the log has no line of one. See walt device show.`,
  );
  if (isOfPast && unknown.length === names.length) throw new CommandError(complaints.join('\n'));
  for (const complaint of complaints) io.note(complaint);
  return names.map((name) => known.get(name.toLowerCase()) ?? name);
}

function listed(names: readonly string[] | undefined): string | undefined {
  const text = names?.join(',');
  return text === undefined || encodeURIComponent(text).length > LONGEST ? undefined : text;
}
