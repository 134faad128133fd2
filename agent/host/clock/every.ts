// Work that is done again and again while the server runs, such as deleting old log lines.

/**
 * Calls `work` first after `ms` milliseconds, and again so long after each end of it: it never runs twice at once. A failure is
 * given to `onError`, and the next call comes all the same.
 * @returns ends the repetition; work that is under way goes on to its end
 */
export function every(
  ms: number,
  work: () => Promise<void>,
  onError: (reason: unknown) => void,
): () => void {
  let timer: NodeJS.Timeout;
  const next = () => {
    timer = setTimeout(async () => {
      await work().catch(onError);
      if (timer.hasRef()) next();
    }, ms);
  };
  next();
  return () => {
    timer.unref();
    clearTimeout(timer);
  };
}
