// `walt node power`: switches the power of nodes, or tells how it stands.
import type { LineOf } from '../../../api/calls/call.ts';
import type { Calls } from '../../../api/calls.ts';
import { nearest } from '../../../host/text/nearest.ts';
import { type Command, JSON_OPTION, YES_OPTION } from '../../command-line/command.ts';
import { CommandError } from '../../command-line/command-error.ts';
import { NAMES_ARGUMENT, resolveNames } from '../../names/node-names.ts';
import { confirmOthers } from '../../names/others-nodes.ts';
import { Progress } from '../../texts/progress.ts';

type Switched = Extract<LineOf<Calls['nodes.power']>, { kind: 'node' }>;

/** What is said of a node, by the verb: that it was done, and that it was not. */
const TEXTS = {
  on: { done: 'powered on', failed: 'not powered on' },
  off: { done: 'powered off', failed: 'not powered off' },
  cycle: { done: 'power cycled', failed: 'not power cycled' },
  status: { done: 'power is', failed: 'nothing is known of its power' },
} as const;

type Verb = keyof typeof TEXTS;

const POWER_VERBS = Object.keys(TEXTS);

export const nodePower: Command = {
  category: 'node',
  name: 'power',
  help: 'switch the power of nodes, or tell how it stands',
  arguments: [
    { ...NAMES_ARGUMENT, isList: false },
    { name: 'VERB', help: 'on, off, cycle (off and on again) or status', names: 'power-verb' },
  ],
  options: [YES_OPTION, { ...JSON_OPTION, help: 'print JSON, once all is done' }],
  async run(client, args, io) {
    const [words = '', word = ''] = args.words;
    const verb = readVerb(word);
    const names = await resolveNames([words], { client, user: io.user });
    const takesOthers = verb !== 'status' && (await confirmOthers(names, { client, args, io }));
    const asJson = args.flags.has('json');
    const nodes: Switched[] = [];
    const progress = new Progress(names.length, io);
    for await (const line of client.lines('nodes.power', { names, verb, takesOthers })) {
      if (line.kind === 'done') break;
      nodes.push(line);
      progress.step();
      if (!asJson && line.error === null) io.out(doneText(line, verb));
    }
    if (asJson) io.out(jsonText(nodes));
    const failed = nodes.filter(({ error }) => error !== null);
    if (failed.length === 0) return;
    const { failed: what } = TEXTS[verb];
    throw new CommandError(
      failed.map(({ name, error }) => `Node ${name}: ${what}: ${error}`).join('\n'),
    );
  },
};

function readVerb(word: string): Verb {
  if (Object.hasOwn(TEXTS, word)) return word as Verb;
  const guess = nearest(word, POWER_VERBS);
  const hint = guess === undefined ? '' : `. Did you mean '${guess}'?`;
  throw new CommandError(
    `walt node power: there is no verb '${word}'${hint}\nVerbs: ${POWER_VERBS.join(', ')}`,
  );
}

function doneText({ name, state }: Switched, verb: Verb): string {
  const { done } = TEXTS[verb];
  return state === null ? `Node ${name}: ${done}.` : `Node ${name}: ${done} ${state}.`;
}

function jsonText(nodes: readonly Switched[]): string {
  const views = nodes.map(({ kind: _kind, ...node }) => node);
  return JSON.stringify({ nodes: views }, null, 2);
}
