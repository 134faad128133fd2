// Whether whoever listens to a long answer still may: while it runs a token is revoked or expires, a session ends, a role is taken away.
import { messageOf, RequestError } from '../../errors.ts';

/** Milliseconds between two looks. */
export const LOOK_MS = 5000;
/** Milliseconds in which they may read why it ends. */
const LAST_WORD_MS = 2000;

type Options = {
  /** milliseconds between two looks */
  readonly ms: number;
  /** ends the looking */
  readonly signal: AbortSignal;
  /** the role that the caller has now. @throws if they have none, or too little of one */
  readonly roleNow: () => string;
};

/** @returns aborts where the caller may not go on as what they were when they began; its reason is a RequestError that says why */
export function watchStanding(role: string, { ms, signal, roleNow }: Options): AbortSignal {
  const lost = new AbortController();
  const timer = setInterval(() => {
    const why = whyLost(role, roleNow);
    if (why === undefined) return;
    clearInterval(timer);
    lost.abort(new RequestError(403, `Ended by the server: ${why}`, { code: 'standing-lost' }));
  }, ms).unref();
  signal.addEventListener('abort', () => clearInterval(timer), { once: true });
  return lost.signal;
}

/** Calls back a moment after the caller lost what they had, for who does not read. */
export function afterLastWord(lost: AbortSignal, cutOff: () => void): void {
  lost.addEventListener('abort', () => void setTimeout(cutOff, LAST_WORD_MS).unref(), {
    once: true,
  });
}

/**
 * Pages as they come, until the caller may not go on. What is under way then ends with their connection.
 * @throws {RequestError} why they may not
 */
export async function* untilLost<Page>(
  pages: AsyncIterable<Page>,
  lost: AbortSignal,
): AsyncGenerator<Page> {
  let refuse = (_reason: unknown) => {};
  const end = () => refuse(lost.reason);
  lost.addEventListener('abort', end, { once: true });
  const reading = pages[Symbol.asyncIterator]();
  try {
    for (;;) {
      // A race with one promise that lasts would keep something of each page.
      const { done, value } = await new Promise<IteratorResult<Page>>((resolve, reject) => {
        refuse = reject;
        if (lost.aborted) reject(lost.reason);
        reading.next().then(resolve, reject);
      });
      if (done === true) return;
      yield value;
    }
  } finally {
    lost.removeEventListener('abort', end);
    // Not awaited: what a page waits for may never come.
    reading.return?.().catch(() => undefined);
  }
}

function whyLost(role: string, roleNow: () => string): string | undefined {
  try {
    const now = roleNow();
    return now === role ? undefined : `your role is ${now} now, and was ${role}`;
  } catch (thrown) {
    return messageOf(thrown);
  }
}
