// Answers to the calls of `walt node shell|run|cp|expose|save|blink`: somebody works on running nodes.
import { once } from 'node:events';
import { messageOf } from '../../errors.ts';
import type { NodeLogins } from '../../ssh/node-logins.ts';
import { type RunOnNodes, runOnNodes } from '../../ssh/run-on-nodes.ts';
import type { SshAim } from '../../ssh/ssh-command.ts';
import type { accessCalls, RunLine } from '../calls/access.ts';
import type { Answers, Caller } from '../calls/call.ts';
import { type ProgramParts, type ProgramRun, programLines } from './program-lines.ts';
import { workLines } from './work-lines.ts';

/** What these answers need. */
export type AccessParts = ProgramParts & { readonly logins: NodeLogins };

/** Answers to the calls of calls/access.ts. */
export function accessAnswers(parts: AccessParts): Answers<typeof accessCalls> {
  return {
    'nodes.shell': ({ terminal, ...asked }, caller) =>
      onNode(parts, caller, {
        ...asked,
        terminal,
        aim: { kind: 'shell', hasTerminal: terminal !== undefined },
      }),
    'nodes.run': ({ names, takesOthers, command, parallel, timeoutSeconds }, caller) => {
      const nodes = parts.logins.nodes(names, { by: caller.user, takesOthers });
      const timeoutMs = timeoutSeconds === undefined ? undefined : timeoutSeconds * 1000;
      const run = { nodes, line: command, most: parallel, timeoutMs };
      return runLines(parts, { ...run, ...caller });
    },
  };
}

type OnNode = {
  readonly node: string;
  readonly takesOthers: boolean;
  readonly aim: SshAim;
  readonly terminal?: ProgramRun['terminal'];
};

function runLines(
  { logins, shellRuns }: AccessParts,
  run: Omit<RunOnNodes, 'onOutput'>,
): AsyncGenerator<RunLine[]> {
  const { signal } = run;
  return workLines<RunLine>(signal, {
    work: async ({ say, sayAndWait }) => {
      const gone = signal.aborted ? Promise.resolve() : once(signal, 'abort');
      const onOutput: RunOnNodes['onOutput'] = (node, { bytes, isError }) => {
        const line = { kind: 'output', node, data: bytes.toString('base64'), isError } as const;
        return Promise.race([sayAndWait(line), gone]);
      };
      for await (const ended of runOnNodes({ ...run, onOutput }, { logins, programs: shellRuns })) {
        say({ kind: 'ended', ...ended });
      }
      say({ kind: 'done' });
    },
    onFailed: (reason) => ({ kind: 'failed', error: messageOf(reason) }),
    onDropped: (count) => ({ kind: 'failed', error: `${count} pieces of output were lost` }),
  });
}

/** Whose the node is, is checked before the first line. */
function onNode(parts: AccessParts, caller: Caller, asked: OnNode) {
  const { node: name, takesOthers, aim, terminal } = asked;
  const [node] = parts.logins.nodes([name], { by: caller.user, takesOthers });
  if (node === undefined) throw new RangeError('Cannot enter no node');
  return programLines(parts, caller, async () => {
    const login = await parts.logins.open(node);
    return { command: login.command(aim), terminal, failure: login.failure, login };
  });
}
