// Answers to the calls of `walt node shell|run|cp|expose|save|blink`: somebody works on running nodes.
import type { NodeLogins } from '../../ssh/node-logins.ts';
import type { SshAim } from '../../ssh/ssh-command.ts';
import type { accessCalls } from '../calls/access.ts';
import type { Answers, Caller } from '../calls/call.ts';
import { type ProgramParts, type ProgramRun, programLines } from './program-lines.ts';

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
  };
}

type OnNode = {
  readonly node: string;
  readonly takesOthers: boolean;
  readonly aim: SshAim;
  readonly terminal?: ProgramRun['terminal'];
};

/** Whose the node is, is checked before the first line. */
function onNode(parts: AccessParts, caller: Caller, asked: OnNode) {
  const { node: name, takesOthers, aim, terminal } = asked;
  const [node] = parts.logins.nodes([name], { by: caller.user, takesOthers });
  if (node === undefined) throw new RangeError('Cannot enter no node');
  return programLines(parts, caller, async () => {
    const { command, failure, close } = await parts.logins.open(node);
    return { command: command(aim), terminal, failure, close };
  });
}
