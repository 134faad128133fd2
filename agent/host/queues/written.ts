// How much of what somebody asked for is on disk already: who tells them that the disk took no more says truly whether nothing was changed.
// Writes know the request that they are of by its asynchronous context, so that nothing between the two has to pass it on.
import { AsyncLocalStorage } from 'node:async_hooks';

/** Of one request. */
export type Written = {
  /** writes that are on disk */
  count: number;
};

const requests = new AsyncLocalStorage<Written>();
const nothing = () => undefined;

/** Does work whose writes are counted. */
export function countingWrites<Result>(written: Written, work: () => Result): Result {
  return requests.run(written, work);
}

/** Called when a write is asked for. @returns to be called when that is on disk */
export function writeOfRequest(): () => void {
  const written = requests.getStore();
  if (written === undefined) return nothing;
  return () => {
    written.count += 1;
  };
}
