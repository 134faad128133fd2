// After a restart of the server: the nodes that ran before say so again within seconds. Those that do not are down.
import type { Publish } from '../events/publisher.ts';
import type { BootBook } from './boot-book.ts';

/** Milliseconds that a node has to come back. It tries every 5 s (`walt-notify-bootup`). */
const RETURN_MS = 25_000;

const SIGNAL = {
  kind: 'down',
  cause: 'it was gone when the server came back',
  method: 'server-detected',
} as const;

/** Waits for the nodes of whom nobody knows yet whether they still run; the returned function ends the wait. */
export function awaitReturn(
  boots: Pick<BootBook, 'inState'>,
  publish: Publish,
  ms: number = RETURN_MS,
): () => void {
  const timer = setTimeout(() => {
    const gone = boots.inState('unconfirmed');
    publish(gone.map((mac) => ({ kind: 'signal', mac, signal: SIGNAL })));
  }, ms);
  return () => clearTimeout(timer);
}
