// The answer to a request whose work takes a while: lines as they come.
import { BoundedQueue } from '../../../host/queues/bounded-queue.ts';

/** A caller who does not read has so many lines in memory; older ones are left out. */
const MOST_WAITING = 1000;

/** With which work tells what becomes of it. */
export type Telling<Line> = {
  readonly say: (line: Line) => void;
  /** As `say`; resolves when it and all lines before it were taken. */
  readonly sayAndWait: (line: Line) => Promise<void>;
};

type Options<Line> = {
  readonly work: (telling: Telling<Line>) => Promise<void>;
  /** the last line, where the work failed */
  readonly onFailed: (reason: unknown) => Line;
  /** the line in place of so many that were not taken in time */
  readonly onDropped: (count: number) => Line;
};

/**
 * Begins the work when the first line is asked for; it goes on when nobody listens any more.
 * @param signal aborts when whoever asked has gone
 */
export async function* workLines<Line>(
  signal: AbortSignal,
  { work, onFailed, onDropped }: Options<Line>,
): AsyncGenerator<Line[]> {
  const waiting = new BoundedQueue<Line>(MOST_WAITING);
  let isOver = false;
  const say = (line: Line) => {
    if (!signal.aborted) waiting.push(line);
  };
  let taken = Promise.withResolvers<void>();
  const sayAndWait = async (line: Line) => {
    say(line);
    await taken.promise;
  };
  work({ say, sayAndWait })
    .catch((reason: unknown) => say(onFailed(reason)))
    .finally(() => {
      isOver = true;
      waiting.wake();
    });
  for (;;) {
    const isLast = isOver;
    const { items, dropped } = waiting.take();
    taken.resolve();
    taken = Promise.withResolvers();
    if (dropped > 0) yield [onDropped(dropped)];
    if (items.length > 0) yield [...items];
    if (isLast) return;
    if (!isOver) await waiting.filled();
  }
}
