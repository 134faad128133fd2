// Runs one command line on many nodes, so many at once, and tells what each says and how it ended.
import { randomUUID } from 'node:crypto';
import type { Node } from '../devices/device.ts';
import { messageOf } from '../errors.ts';
import type { Output, ShellProcess } from '../host/processes/shell-process.ts';
import { atOnce } from '../host/queues/at-once.ts';
import type { NodeLogins } from './node-logins.ts';
import { scriptCommand } from './quote.ts';
import { RUN_LINE } from './scripts.ts';

/** Starts and ends programs of the server. */
export type Programs = {
  readonly start: (
    program: { readonly id: string; readonly command: readonly string[] },
    how: { readonly user: string; readonly terminal: undefined },
  ) => Promise<ShellProcess>;
  readonly end: (id: string) => Promise<void>;
};

/** How the command ended on a node. */
export type NodeEnded = {
  readonly node: string;
  /** null where a signal ended it, or `error` says why there is none */
  readonly status: number | null;
  /** why it did not run to its end */
  readonly error: string | null;
};

/** What is to run, where, and who listens. */
export type RunOnNodes = {
  readonly nodes: readonly Node[];
  /** for the shell of each node */
  readonly line: string;
  readonly user: string;
  /** so many nodes at once */
  readonly most: number;
  /** for each node; undefined where there is no end */
  readonly timeoutMs?: number | undefined;
  /** ends all of it */
  readonly signal: AbortSignal;
  /** Takes what a node says; the node is held up until it resolves. */
  readonly onOutput: (node: string, output: Output) => Promise<unknown>;
};

/** Ends come as they happen: in the order of the nodes only where one runs at a time. */
export function runOnNodes(
  run: RunOnNodes,
  parts: { readonly logins: Pick<NodeLogins, 'open'>; readonly programs: Programs },
): AsyncGenerator<NodeEnded> {
  return atOnce(run.nodes, run.most, async (node) => {
    const { name } = node;
    if (run.signal.aborted) return { node: name, status: null, error: 'it was not begun' };
    try {
      return await runOnNode(node, { ...run, ...parts });
    } catch (reason) {
      return { node: name, status: null, error: messageOf(reason) };
    }
  });
}

async function runOnNode(
  node: Node,
  options: RunOnNodes & Parameters<typeof runOnNodes>[1],
): Promise<NodeEnded> {
  const { logins, programs, line, user, signal, timeoutMs, onOutput } = options;
  await using login = await logins.open(node, user);
  const id = randomUUID();
  const command = login.command({ kind: 'command', command: scriptCommand(RUN_LINE, [line]) });
  const running = await programs.start({ id, command }, { user, terminal: undefined });
  const timeout = timeoutMs === undefined ? undefined : AbortSignal.timeout(timeoutMs);
  const end = () => void programs.end(id);
  const { left } = login;
  const over = AbortSignal.any([signal, left, ...(timeout === undefined ? [] : [timeout])]);
  over.addEventListener('abort', end, { once: true });
  if (over.aborted) end();
  try {
    for await (const output of running.output) await onOutput(node.name, output);
    const status = await running.ended;
    if (left.aborted) return ended(node, null, messageOf(left.reason));
    if (timeout?.aborted === true) return ended(node, null, `it did not end in time`);
    const error = await login.failure(status);
    return error === undefined ? ended(node, status, null) : ended(node, null, error);
  } finally {
    over.removeEventListener('abort', end);
    await programs.end(id);
  }
}

function ended({ name }: Node, status: number | null, error: string | null): NodeEnded {
  return { node: name, status, error };
}
