// Answers to the calls of `walt node shell|run|cp|expose|save|blink`: somebody works on running nodes.
import { once } from 'node:events';
import { basename } from 'node:path';
import { messageOf } from '../../../errors.ts';
import type { Publish } from '../../../events/publisher.ts';
import { oneLine } from '../../../host/text/shown-text.ts';
import type { ShellRuns } from '../../../images/workshop/shells/runs.ts';
import type { WorkingSet } from '../../../images/workshop/working-set.ts';
import { SEND, TAKE } from '../../../ssh/copy-scripts.ts';
import { pipeCommand } from '../../../ssh/pipe-command.ts';
import { scriptCommand } from '../../../ssh/quote.ts';
import { type RunOnNodes, runOnNodes } from '../../../ssh/run-on-nodes.ts';
import { BLINK } from '../../../ssh/scripts.ts';
import { Seldom } from '../../../ssh/seldom.ts';
import type { SshAim } from '../../../ssh/ssh-command.ts';
import type { Answers, Caller, Checked } from '../../calls/call.ts';
import type { accessCalls, RunLine } from '../../calls/people/access.ts';
import { shellSession } from '../../frames/sessions.ts';
import { type ProgramRun, programLines } from '../lines/program-lines.ts';
import { type SaveParts, saveLines } from '../lines/save-lines.ts';
import { workLines } from '../lines/work-lines.ts';

/** What these answers need. */
export type AccessParts = SaveParts & {
  readonly shellRuns: Pick<ShellRuns, 'type' | 'endInput' | 'resize'>;
  readonly workingSet: Pick<WorkingSet, 'target'>;
  readonly publish: Publish;
};

/** Answers to the calls of calls/people/access.ts. */
export function accessAnswers(parts: AccessParts): Answers<typeof accessCalls> {
  const connections = new Seldom(() => performance.now());
  return {
    'nodes.shell': ({ terminal, ...asked }, caller) =>
      onNode(parts, caller, {
        ...asked,
        terminal,
        what: 'opens a shell on',
        aim: { kind: 'shell', hasTerminal: terminal !== undefined },
      }),
    'nodes.attachShell': async ({ terminal: type, columns, rows, ...asked }, caller) => {
      const { user } = caller;
      const { shellRuns } = parts;
      const hasTerminal = type !== undefined;
      const lines = onNode(parts, caller, {
        ...asked,
        ...(hasTerminal ? { terminal: { type, columns, rows } } : {}),
        what: 'opens a shell on',
        aim: { kind: 'shell', hasTerminal },
      });
      return shellSession(lines, {
        hasTerminal,
        type: (id, bytes) => shellRuns.type(id, user, Buffer.from(bytes)),
        control: (id, { type: verb, ...size }) => {
          if (verb === 'end') shellRuns.endInput(id, user);
          if ('columns' in size) shellRuns.resize(id, user, size);
        },
      });
    },
    'nodes.copyIn': ({ path, name, isFolder, ...asked }, caller) =>
      onNode(parts, caller, {
        ...asked,
        what: `copies ${shown(name)} to`,
        aim: takeAim(path, { name, isFolder }),
      }),
    'nodes.copyOut': ({ path, ...asked }, caller) =>
      onNode(parts, caller, {
        ...asked,
        what: `copies ${shown(path)} from`,
        aim: sendAim(path),
      }),
    'nodes.copyBetween': (asked, caller) => between(parts, caller, asked),
    'nodes.save': ({ node, takesOthers, name, force }, caller) => {
      const { user } = caller;
      const target = parts.workingSet.target(name, { user, force });
      const saved = parts.logins.node(node, { by: user, takesOthers });
      tell(parts, caller, { nodes: [saved], what: `saves as image ${target.name}:` });
      return saveLines(parts, caller, { node: saved, target });
    },
    'nodes.connect': ({ port, ...asked }, caller) =>
      onNode(parts, caller, {
        ...asked,
        what: connections.isNews(`${caller.user} ${asked.node} ${port}`)
          ? `connects to port ${port} of`
          : undefined,
        aim: { kind: 'port', port },
      }),
    'nodes.blink': ({ seconds, ...asked }, caller) => {
      const command = scriptCommand(BLINK, [String(seconds)]);
      return onNode(parts, caller, {
        ...asked,
        what: `lets a light blink for ${seconds} s on`,
        aim: { kind: 'command', command },
      });
    },
    'nodes.run': ({ names, takesOthers, command, parallel, timeoutSeconds }, caller) => {
      const nodes = parts.logins.nodes(names, { by: caller.user, takesOthers });
      // What follows the program may be a secret; everybody reads the log.
      const [program = ''] = command.trim().split(/\s/, 1);
      tell(parts, caller, { nodes, what: `runs ${shown(program)} on` });
      const timeoutMs = timeoutSeconds === undefined ? undefined : timeoutSeconds * 1000;
      const run = { nodes, line: command, most: parallel, timeoutMs };
      return runLines(parts, { ...run, ...caller });
    },
  };
}

const LONGEST_SHOWN = 80;

function shown(text: string): string {
  return oneLine(text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text);
}

type Told = { readonly nodes: readonly { readonly name: string }[]; readonly what: string };

function tell({ publish }: AccessParts, { user: by }: Caller, { nodes, what }: Told): void {
  publish([{ kind: 'entered', nodes: nodes.map(({ name }) => name), what, by }]);
}

type Between = (typeof accessCalls)['nodes.copyBetween'];

type OnNode = {
  readonly node: string;
  readonly takesOthers: boolean;
  readonly aim: SshAim;
  /** for the log, as event `entered` has it */
  readonly what: string | undefined;
  readonly terminal?: ProgramRun['terminal'];
};

function sendAim(path: string): SshAim {
  return { kind: 'command', command: scriptCommand(SEND, [path]) };
}

function takeAim(
  path: string,
  { name, isFolder }: { readonly name: string; readonly isFolder: boolean },
): SshAim {
  const args = [path, name, isFolder ? 'folder' : ''];
  return { kind: 'command', command: scriptCommand(TAKE, args) };
}

/** What one node sends another one takes, by a pipe of the server. */
function between(parts: AccessParts, caller: Caller, asked: Checked<Between>) {
  const { node, target, path, targetPath, takesOthers, isFolder } = asked;
  const { logins } = parts;
  const asking = { by: caller.user, takesOthers };
  const [from, to] = [logins.node(node, asking), logins.node(target, asking)];
  tell(parts, caller, { nodes: [from, to], what: `copies ${shown(path)} between` });
  return programLines(parts, caller, async () => {
    const login = new AsyncDisposableStack();
    const sender = login.use(await logins.open(from, caller.user));
    const taker = login.use(await logins.open(to, caller.user));
    const name = basename(path);
    const take = takeAim(targetPath, { name, isFolder });
    return {
      command: pipeCommand(sender.command(sendAim(path)), taker.command(take)),
      failure: async (status) => (await sender.failure(status)) ?? (await taker.failure(status)),
      left: AbortSignal.any([sender.left, taker.left]),
      login,
    };
  });
}

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
  const { node: name, takesOthers, aim, terminal, what } = asked;
  const node = parts.logins.node(name, { by: caller.user, takesOthers });
  if (what !== undefined) tell(parts, caller, { nodes: [node], what });
  return programLines(parts, caller, async () => {
    const login = await parts.logins.open(node, caller.user);
    const { failure, left } = login;
    return { command: login.command(aim), terminal, failure, left, login };
  });
}
