// `walt node run`: one command on many nodes at once.
import type { LineOf } from '../../../../api/calls/call.ts';
import type { Calls } from '../../../../api/calls.ts';
import { type Args, type Command, type Io, YES_OPTION } from '../../../command-line/command.ts';
import { CommandError, StatusError } from '../../../command-line/command-error.ts';
import { nodesText, resolveNames } from '../../../names/node-names.ts';
import { confirmOthers } from '../../../names/others-nodes.ts';
import { NamedLines } from '../../../terminal/named-lines.ts';
import { parseTimeout } from '../../../texts/timeout.ts';

type RunLine = LineOf<Calls['nodes.run']>;
type Ended = Extract<RunLine, { kind: 'ended' }>;

const USUAL_PARALLEL = 50;
const MOST_PARALLEL = 500;
/** As ssh(1) ends where it could not run a command. */
const UNREACHED = 255;
/** Of what a node says, with --json; bytes. */
const MOST_KEPT = 4_194_304;

export const nodeRun: Command = {
  category: 'node',
  name: 'run',
  help: 'run a command on nodes, at the same time on each of them',
  arguments: [
    {
      name: 'SET',
      help: 'nodes with commas between them, or my-nodes, free-nodes, all-nodes',
      names: 'nodes',
    },
    {
      name: 'COMMAND',
      help: 'behind two dashes (--); one word alone is a line for the shell',
      isList: true,
    },
  ],
  options: [
    {
      name: 'parallel',
      value: 'N',
      help: `on so many nodes at once (by default ${USUAL_PARALLEL})`,
    },
    { name: 'serial', help: 'on one node after the other, in the order of their names as given' },
    { name: 'timeout', value: 'S', help: 'end it on a node after so many seconds' },
    YES_OPTION,
    { name: 'json', help: 'print JSON, once all is done' },
  ],
  async run(client, args, io) {
    const { words, flags } = args;
    const [set = '', ...command] = words;
    const asked = { ...readOptions(args), command: lineOf(command) };
    const names = await resolveNames([set], { client, user: io.user });
    const takesOthers = await confirmOthers(names, { client, args, io, wakes: true });
    const lines = client.lines('nodes.run', { names, takesOthers, ...asked });
    const ends = flags.has('json') ? await collect(lines, io) : await show(lines, io);
    const worst = Math.max(...ends.map(statusOf));
    if (worst > 0) throw new StatusError(worst);
  },
};

function readOptions({ values, flags }: Args) {
  const parallel = values.get('parallel');
  if (flags.has('serial') && parallel !== undefined) {
    throw new CommandError('walt node run: give either --serial or --parallel N');
  }
  const most = flags.has('serial') ? 1 : Number(parallel ?? USUAL_PARALLEL);
  if (!/^\d+$/.test(parallel ?? '1') || most < 1 || most > MOST_PARALLEL) {
    throw new CommandError(
      `Cannot run on '${parallel}' nodes at once, expected a number from 1 to ${MOST_PARALLEL}`,
    );
  }
  const seconds = values.get('timeout');
  return {
    parallel: most,
    ...(seconds === undefined ? {} : { timeoutSeconds: parseTimeout(seconds) }),
  };
}

/** Several words stay the words that they are here; one alone may be a line with pipes and the like. */
function lineOf(words: readonly string[]): string {
  const [only = '', ...others] = words;
  if (others.length === 0) return only;
  return words.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
}

function statusOf({ status }: Ended): number {
  return status ?? UNREACHED;
}

async function show(lines: AsyncIterable<RunLine>, io: Io): Promise<Ended[]> {
  const shown = new NamedLines(io.wire.write);
  const ends: Ended[] = [];
  for await (const line of ended(lines)) {
    if (line.kind === 'output') {
      await shown.take(line.node, Buffer.from(line.data, 'base64'), line.isError);
    }
    if (line.kind !== 'ended') continue;
    ends.push(line);
    await shown.end(line.node);
    if (line.error !== null) io.note(`${line.node}: ${line.error}`);
  }
  io.note(summary(ends));
  return ends;
}

/** @throws {CommandError} where not all has come */
async function* ended(lines: AsyncIterable<RunLine>): AsyncGenerator<RunLine> {
  for await (const line of lines) {
    if (line.kind === 'failed') throw new CommandError(line.error);
    if (line.kind === 'done') return;
    yield line;
  }
  throw new CommandError('The server ended before all nodes were done.');
}

function summary(ends: readonly Ended[]): string {
  const byEnd = Map.groupBy(ends, ({ status }) => status);
  const groups = [...byEnd].toSorted(
    ([left], [right]) => (left ?? UNREACHED) - (right ?? UNREACHED),
  );
  const parts = groups.map(([status, group]) => {
    const names = nodesText(group.map(({ node }) => node).toSorted());
    const list = group.length > 5 ? `${names} (${listed(group)})` : names;
    if (status === 0) return `${names}: ok`;
    return status === null ? `${list}: not done` : `${list}: status ${status}`;
  });
  return `${parts.join('. ')}.`;
}

function listed(group: readonly Ended[]): string {
  return group.map(({ node }) => node).join(', ');
}

/** What a node has said, for JSON. */
class Kept {
  readonly #pieces = { output: [] as Buffer[], errors: [] as Buffer[] };
  #bytes = 0;
  #isCut = false;

  add({ data, isError }: Extract<RunLine, { kind: 'output' }>): void {
    const bytes = Buffer.from(data, 'base64').subarray(0, MOST_KEPT - this.#bytes);
    this.#isCut ||= bytes.length < Buffer.byteLength(data, 'base64');
    this.#bytes += bytes.length;
    this.#pieces[isError ? 'errors' : 'output'].push(bytes);
  }

  /** Bytes that are no text become the sign for that (U+FFFD). */
  said() {
    const { output, errors } = this.#pieces;
    const texts = {
      output: Buffer.concat(output).toString(),
      errors: Buffer.concat(errors).toString(),
    };
    return { ...texts, isCut: this.#isCut };
  }
}

async function collect(lines: AsyncIterable<RunLine>, io: Io): Promise<Ended[]> {
  const kept = new Map<string, Kept>();
  const ends: Ended[] = [];
  for await (const line of ended(lines)) {
    if (line.kind === 'ended') ends.push(line);
    if (line.kind !== 'output') continue;
    const ofNode = kept.get(line.node) ?? new Kept();
    kept.set(line.node, ofNode);
    ofNode.add(line);
  }
  const nodes = ends.map(({ node, status, error }) => ({
    ...{ node, status, error },
    ...(kept.get(node) ?? new Kept()).said(),
  }));
  io.out(JSON.stringify({ nodes }, null, 2));
  return ends;
}
