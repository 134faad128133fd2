// Work that comes again and again: pruning, counting, looking.

/** Calls `work` again and again, never twice at once, until the returned function is called. */
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
