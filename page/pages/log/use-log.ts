// Reads the log as long as somebody looks at it. Old lines are let go of: the server has them.
import { useEffect, useState } from 'preact/hooks';
import { type Asked, type Line, lines } from '../../server/client.ts';
import { sentenceOf } from '../../state/notices.ts';

/** What is asked of the log; see docs/api.md. */
export type LogFilters = Pick<Asked<'logs.read'>, 'issuers' | 'stream' | 'lineMatches'>;

/** One line. */
export type LogLine = Line<'logs.read'>;

const FIRST = 400;
const MOST = 5000;
const SHOW_MS = 120;
const AGAIN_MS = 3000;

/** Lines of the past and those that come; undefined until the first answer. */
export function useLog(filters: LogFilters): {
  lines: readonly LogLine[] | undefined;
  error: string;
} {
  const [found, setFound] = useState<readonly LogLine[]>();
  const [error, setError] = useState('');
  useEffect(() => {
    const gone = new AbortController();
    setFound(undefined);
    readOn(filters, { signal: gone.signal, onLines: setFound, onError: setError });
    return () => gone.abort();
  }, [filters]);
  return { lines: found, error };
}

type Reading = {
  readonly signal: AbortSignal;
  readonly onLines: (lines: readonly LogLine[]) => void;
  readonly onError: (text: string) => void;
};

/** Goes on after a break where it was. */
async function readOn(filters: LogFilters, { signal, onLines, onError }: Reading): Promise<void> {
  let kept: LogLine[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  const show = () => {
    timer = undefined;
    kept = kept.slice(-MOST);
    if (!signal.aborted) onLines(kept);
  };
  // Where nothing comes, that is to be said as well.
  timer = setTimeout(show, 4 * SHOW_MS);
  while (!signal.aborted) {
    const last = kept.at(-1)?.id;
    const from = last === undefined ? { last: FIRST } : { after: last };
    try {
      for await (const page of lines(
        'logs.read',
        { ...filters, ...from, realtime: true },
        signal,
      )) {
        kept.push(...page);
        timer ??= setTimeout(show, SHOW_MS);
        onError('');
      }
    } catch (reason) {
      if (signal.aborted) return;
      onError(sentenceOf(reason));
    }
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
  }
  clearTimeout(timer);
}

/** Lines before one that is known. */
export async function readEarlier(filters: LogFilters, before: number): Promise<LogLine[]> {
  const found: LogLine[] = [];
  for await (const page of lines('logs.read', { ...filters, before, last: FIRST }))
    found.push(...page);
  return found;
}
