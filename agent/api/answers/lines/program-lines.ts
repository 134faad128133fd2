// The answer to a request that runs a program of the server: what it writes, then how it ended. It ends with the request.
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { messageOf } from '../../../errors.ts';
import type { ShellProcess, Terminal } from '../../../host/processes/shell-process.ts';
import type { ShellRuns } from '../../../images/workshop/shells/runs.ts';
import type { Caller } from '../../calls/call.ts';
import type { ProgramLine } from '../../calls/lines/program-line.ts';
import { type Telling, workLines } from './work-lines.ts';

/** What these answers need. */
export type ProgramParts = { readonly shellRuns: Pick<ShellRuns, 'start' | 'end'> };

/** A program that is to run for somebody. */
export type ProgramRun = {
  readonly command: readonly string[];
  /** without it the program has pipes */
  readonly terminal?: Terminal | undefined;
  /** Why it could not do what it is for; undefined where its status says all. */
  readonly failure?: (status: number | null) => Promise<string | undefined>;
  /** aborts where the program has to end before its caller goes; its reason says why */
  readonly left?: AbortSignal;
  /** let go of once it has ended */
  readonly login?: AsyncDisposable;
};

/** Runs the command without a shell. @param opening may take a while, and fail */
export function programLines(
  { shellRuns }: ProgramParts,
  { user, signal }: Caller,
  opening: ProgramRun | (() => Promise<ProgramRun>),
): AsyncGenerator<ProgramLine[]> {
  return workLines<ProgramLine>(signal, {
    work: async ({ say, sayAndWait }) => {
      const run = typeof opening === 'function' ? await opening() : opening;
      const { command, terminal, failure, left, login = null } = run;
      await using _ = login;
      const id = randomUUID();
      const running = await shellRuns.start({ id, command }, { user, terminal });
      const gone = signal.aborted ? Promise.resolve() : once(signal, 'abort');
      gone.then(() => shellRuns.end(id));
      const leave = () => void shellRuns.end(id);
      if (left?.aborted === true) leave();
      left?.addEventListener('abort', leave, { once: true });
      say({ kind: 'shell', id });
      await show(running, { sayAndWait, gone });
      const status = await running.ended;
      await shellRuns.end(id);
      const error = left?.aborted ? messageOf(left.reason) : await failure?.(status);
      say(error === undefined ? { kind: 'ended', status } : { kind: 'failed', error });
    },
    onFailed: (reason) => ({ kind: 'failed', error: messageOf(reason) }),
    onDropped: (count) => ({
      ...{ kind: 'output', isError: true },
      data: Buffer.from(`${count} pieces are not shown\n`).toString('base64'),
    }),
  });
}

async function show(
  { output }: ShellProcess,
  {
    sayAndWait,
    gone,
  }: Pick<Telling<ProgramLine>, 'sayAndWait'> & { readonly gone: Promise<unknown> },
): Promise<void> {
  for await (const { bytes, isError } of output) {
    const line = { kind: 'output', data: bytes.toString('base64'), isError } as const;
    // Nobody takes the lines of a caller who has gone.
    await Promise.race([sayAndWait(line), gone]);
  }
}
