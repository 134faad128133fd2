// Runs a job for the latest of many wishes: one job at a time, wishes made meanwhile are granted together.

/**
 * A function like `job` that never overlaps itself. A call made while another runs waits for it; of several that
 * wait only the newest runs, and all of them get its result, since each wish replaces the ones before it.
 */
export function oneAtATime<Wish>(
  job: (wish: Wish) => Promise<void>,
): (wish: Wish) => Promise<void> {
  let running: Promise<void> | undefined;
  let waiting: { wish: Wish; done: Promise<void> } | undefined;

  const run = (wish: Wish): Promise<void> => {
    running = job(wish).finally(() => {
      running = undefined;
    });
    return running;
  };
  const afterwards = async (previous: Promise<void>): Promise<void> => {
    // Whether the job before succeeded is told to those who asked for it.
    await Promise.allSettled([previous]);
    const next = waiting;
    waiting = undefined;
    if (next) await run(next.wish);
  };
  return (wish) => {
    if (waiting) {
      waiting.wish = wish;
      return waiting.done;
    }
    if (!running) return run(wish);
    waiting = { wish, done: afterwards(running) };
    return waiting.done;
  };
}
