// `walt node wait`: returns once nodes are booted. A restart of the server meanwhile does not end it.
import type { Client } from '../../client.ts';
import type { Command, Io } from '../../command-line/command.ts';
import { CommandError } from '../../command-line/command-error.ts';
import { NAMES_ARGUMENT, nodesText, resolveNames } from '../../names/node-names.ts';
import { NodesOff } from '../../names/nodes-off.ts';
import { NoServerError } from '../../no-server-error.ts';
import { parseTimeout } from '../../texts/timeout.ts';
import { untilBack } from '../../until-back.ts';

/** One question to the server takes at most so long. */
const POLL_SECONDS = 30;

export const nodeWait: Command = {
  category: 'node',
  name: 'wait',
  help: 'wait until nodes are booted',
  arguments: [NAMES_ARGUMENT],
  options: [{ name: 'timeout', value: 'S', help: 'give up after so many seconds' }],
  async run(client, { words, values }, io) {
    const end = performance.now() + parseTimeout(values.get('timeout')) * 1000;
    const names = await resolveNames(words, { client, user: io.user });
    let missing = await ask(client, { names, seconds: 0 });
    await warnOfLocal(client, { missing, isBounded: values.has('timeout'), io });
    if (missing.length > 0)
      io.note(`Waiting until ${inSentence(missing)} booted (ctrl-C to stop)…`);
    const off = new NodesOff(client, io.note);
    await off.tell(missing);
    while (missing.length > 0) {
      const seconds = Math.min(POLL_SECONDS, (end - performance.now()) / 1000);
      if (seconds <= 0) throw timedOut(missing);
      missing = await askPatiently(client, { names: missing, seconds, io, end });
      await off.tell(missing).catch(unlessGone);
    }
    io.out(`${nodesText(names)} ${names.length === 1 ? 'is' : 'are'} booted.`);
  },
};

/**
 * The system of a node's own disk says nothing to the server, unless somebody has taught it to: a wait without end would be for
 * nothing.
 * @throws {CommandError} where the wait has no bound
 */
async function warnOfLocal(
  client: Client,
  asked: { readonly missing: readonly string[]; readonly isBounded: boolean; readonly io: Io },
): Promise<void> {
  const { missing, isBounded, io } = asked;
  if (missing.length === 0) return;
  const { nodes } = await client.call('nodes.list');
  const local = nodes
    .filter(({ name, bootsLocal }) => bootsLocal && missing.includes(name))
    .map(({ name }) => name);
  if (local.length === 0) return;
  const [starts, disk] = local.length === 1 ? ['starts', 'its'] : ['start', 'their'];
  const text = `${nodesText(local)} ${starts} from ${disk} own disk: the system there does not say that it is up, unless it runs walt-notify-bootup.`;
  if (isBounded) return io.note(text);
  throw new CommandError(`${text} Add --timeout to wait for that all the same.`);
}

/** The next question waits for a server that is away. */
function unlessGone(reason: unknown): void {
  if (!(reason instanceof NoServerError)) throw reason;
}

async function ask(
  client: Client,
  { names, seconds }: { readonly names: readonly string[]; readonly seconds: number },
): Promise<readonly string[]> {
  const asked = { names: [...names], timeoutSeconds: seconds };
  return (await client.call('nodes.wait', asked)).missing;
}

/** As `ask`; while the server is away, asks again until it is back, or `end` has passed. */
async function askPatiently(
  client: Client,
  question: {
    readonly names: readonly string[];
    readonly seconds: number;
    readonly io: Io;
    readonly end: number;
  },
): Promise<readonly string[]> {
  const { names, io, end, seconds } = question;
  try {
    return await ask(client, { names, seconds });
  } catch (gone) {
    if (!(gone instanceof NoServerError)) throw gone;
    const check = () => {
      if (performance.now() > end) throw timedOut(names);
    };
    return await untilBack(() => ask(client, { names, seconds: 0 }), { gone, io, check });
  }
}

function timedOut(missing: readonly string[]): CommandError {
  const verb = missing.length === 1 ? 'is' : 'are';
  return new CommandError(`Timeout was reached.\n${nodesText(missing)} ${verb} not booted yet.`);
}

function inSentence(names: readonly string[]): string {
  const text = nodesText(names);
  return `${text.charAt(0).toLowerCase()}${text.slice(1)} ${names.length === 1 ? 'is' : 'are'}`;
}
