// Jobs that must not overlap, such as a reload and the mending of a crash.

/** Runs the jobs it is given one after the other, whether or not the ones before succeed. */
export function queue(): <Result>(job: () => Promise<Result>) => Promise<Result> {
  let last: Promise<unknown> = Promise.resolve();
  return (job) => {
    const result = last.then(job, job);
    last = result.catch(() => undefined);
    return result;
  };
}
