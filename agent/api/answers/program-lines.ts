// The answer to a request that runs a program of the server: what it writes, then how it ended. It ends with the request.
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { messageOf } from '../../errors.ts';
import type { Terminal } from '../../host/shell-process.ts';
import type { ShellRuns } from '../../images/workshop/shells/runs.ts';
import type { Caller } from '../calls/call.ts';
import type { ProgramLine } from '../calls/program-line.ts';
import { workLines } from './work-lines.ts';

/** What these answers need. */
export type ProgramParts = { readonly shellRuns: Pick<ShellRuns, 'start' | 'end'> };

type Run = {
  readonly command: readonly string[];
  /** without it the program has pipes */
  readonly terminal?: Terminal | undefined;
};

/** Runs the command without a shell. */
export function programLines(
  { shellRuns }: ProgramParts,
  { user, signal }: Caller,
  { command, terminal }: Run,
): AsyncGenerator<ProgramLine[]> {
  return workLines<ProgramLine>(signal, {
    work: async ({ say, sayAndWait }) => {
      const id = randomUUID();
      const running = await shellRuns.start({ id, command }, { user, terminal });
      const gone = signal.aborted ? Promise.resolve() : once(signal, 'abort');
      gone.then(() => shellRuns.end(id));
      say({ kind: 'shell', id });
      for await (const { bytes, isError } of running.output) {
        const line = { kind: 'output', data: bytes.toString('base64'), isError } as const;
        // Nobody takes the lines of a caller who has gone.
        await Promise.race([sayAndWait(line), gone]);
      }
      const status = await running.ended;
      await shellRuns.end(id);
      say({ kind: 'ended', status });
    },
    onFailed: (reason) => ({ kind: 'failed', error: messageOf(reason) }),
    onDropped: (count) => ({
      ...{ kind: 'output', isError: true },
      data: Buffer.from(`${count} pieces are not shown\n`).toString('base64'),
    }),
  });
}
