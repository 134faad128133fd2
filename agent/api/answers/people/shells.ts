// Answers to the calls of `walt image shell`: somebody works in a container of an image.
import { once } from 'node:events';
import { messageOf } from '../../../errors.ts';
import type { ShellProcess, Terminal } from '../../../host/processes/shell-process.ts';
import type { ShellRuns } from '../../../images/workshop/shells/runs.ts';
import type { OpenShell, Shells, Visit } from '../../../images/workshop/shells/shells.ts';
import type { WorkingSet } from '../../../images/workshop/working-set.ts';
import type { Answers, Caller } from '../../calls/call.ts';
import type { ImageLine } from '../../calls/lines/image-line.ts';
import type { shellCalls } from '../../calls/people/shells.ts';
import { type ImageWork, imageLines } from '../lines/image-lines.ts';
import type { ImageUsers } from '../views.ts';

/** What these answers need. */
export type ShellParts = ImageUsers & {
  readonly workingSet: Pick<WorkingSet, 'own'>;
  readonly shells: Pick<Shells, 'open' | 'save' | 'keptOf' | 'resume' | 'drop' | 'hasUnsaved'>;
  readonly shellRuns: Pick<ShellRuns, 'start' | 'end' | 'type' | 'endInput' | 'resize'>;
};

/** Answers to the calls of calls/people/shells.ts. */
export function shellAnswers(parts: ShellParts): Answers<typeof shellCalls> {
  const { workingSet, shells, shellRuns } = parts;
  return {
    'images.shell': ({ name, terminal }, caller) =>
      visitLines(parts, { ...caller, terminal }, async (visit, { progress }) =>
        shells.open(workingSet.own(name, caller.user), { ...visit, progress }),
      ),
    'images.resumeShell': ({ id, terminal }, caller) =>
      visitLines(parts, { ...caller, terminal }, (visit) => shells.resume(id, visit)),
    'shells.type': async ({ id, data, isEnd }, { user }) => {
      await shellRuns.type(id, user, Buffer.from(data, 'base64'));
      if (isEnd) shellRuns.endInput(id, user);
      return {};
    },
    'shells.resize': async ({ id, columns, rows }, { user }) => {
      shellRuns.resize(id, user, { columns, rows });
      return {};
    },
    'images.save': ({ id, name, force }, { user, signal }) =>
      imageLines(parts, signal, async ({ progress }) =>
        shells.save(id, { name, force, user, progress }),
      ),
    'images.keptShells': async (_, { user }) => ({ shells: shells.keptOf(user) }),
    'images.dropShell': async ({ id }, { user }) => {
      shells.drop(id, user);
      return {};
    },
  };
}

type Visitor = Caller & { readonly terminal: Terminal | undefined };

/** @param enter opens the session; resolves when the visitor has left it */
function visitLines(
  parts: ShellParts,
  visitor: Visitor,
  enter: (visit: Visit, work: ImageWork) => Promise<void>,
): AsyncGenerator<ImageLine[]> {
  const { user, signal } = visitor;
  return imageLines(parts, signal, async (work) => {
    // The session is left when its shell has ended, so that nothing changes in it afterwards.
    const left = new AbortController();
    const onReady = (shell: OpenShell) => {
      attend(parts, { ...visitor, shell }, work)
        .catch((reason: unknown) => work.say({ kind: 'failed', error: messageOf(reason) }))
        .finally(() => left.abort());
    };
    await enter({ user, signal: left.signal, onReady }, work);
    return undefined;
  });
}

/** Runs the shell. Resolves when its visitor has gone, and the shell too. */
async function attend(
  parts: ShellParts,
  { shell, user, terminal, signal }: Visitor & { readonly shell: OpenShell },
  work: ImageWork,
): Promise<void> {
  const { id } = shell;
  const running = await parts.shellRuns.start(shell, { user, terminal });
  work.say({ kind: 'shell', id });
  const shown = show(running, work).then(async () => {
    const hasUnsaved = await parts.shells.hasUnsaved(id, user);
    work.say({ kind: 'ended', status: await running.ended, hasUnsaved });
  });
  shown.catch((reason: unknown) => work.say({ kind: 'failed', error: messageOf(reason) }));
  if (!signal.aborted) await once(signal, 'abort');
  await parts.shellRuns.end(id);
}

async function show({ output }: ShellProcess, { sayAndWait }: ImageWork): Promise<void> {
  for await (const { bytes, isError } of output) {
    await sayAndWait({ kind: 'output', data: bytes.toString('base64'), isError });
  }
}
