// Work that must not overlap, as a reload and the mending of a crash, or changes of which each is to be on disk before the next.

/** Does work when all that was asked for before has ended, well or not. */
export type InTurn = <Result>(work: () => Promise<Result>) => Promise<Result>;

/** A line of its own. */
export function inTurn(): InTurn {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const done = last.then(work);
    last = done.catch(() => undefined);
    return done;
  };
}
