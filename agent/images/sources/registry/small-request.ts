// A request whose answer is small (a document, a list, a token): read whole, within bounds, and repeated where a registry is
// busy. Twice at most: a server with many nodes must not be one more load on a registry that is down.
import { setTimeout as sleep } from 'node:timers/promises';
import { type Asking, openResponse } from './open-response.ts';
import { RegistryError, withoutAnswer } from './registry-error.ts';

/** An answer, read whole. */
export type SmallAnswer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** where it came from in the end */
  readonly url: string;
};

type Options = Asking & {
  /** bytes that the body may have */
  readonly limit: number;
};

const MOST_RETRIES = 2;
const PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 10_000;
/** For the whole body. */
const BODY_MS = 30_000;
const LOST = new Set(['ECONNRESET', 'EPIPE', 'ECONNABORTED']);

/** @throws {RegistryError} if there is no answer, or too much of one */
export async function smallRequest(url: string, options: Options): Promise<SmallAnswer> {
  for (let retries = 0; ; retries += 1) {
    const isLast = retries === MOST_RETRIES;
    try {
      const answer = await once(url, options);
      const pause = pauseAfter(answer, retries);
      if (isLast || pause === undefined) return answer;
      await sleep(pause, undefined, given(options.signal));
    } catch (thrown) {
      if (isLast || !isLost(thrown)) throw thrown;
      await sleep(PAUSE_MS * 2 ** retries, undefined, given(options.signal));
    }
  }
}

async function once(url: string, options: Options): Promise<SmallAnswer> {
  const { response, url: place } = await openResponse(url, options);
  const timer = setTimeout(() => response.destroy(new Error('it is too slow')), BODY_MS);
  const pieces: Buffer[] = [];
  let length = 0;
  try {
    for await (const piece of response as AsyncIterable<Buffer>) {
      length += piece.length;
      if (length > options.limit) {
        throw new RegistryError('failed', `what it answers is larger than ${options.limit} bytes`);
      }
      pieces.push(piece);
    }
  } catch (thrown) {
    throw withoutAnswer(thrown);
  } finally {
    clearTimeout(timer);
    response.destroy();
  }
  const entries = Object.entries(response.headers).map(([name, value]) => {
    return [name, [value ?? ''].flat().join(', ')] as const;
  });
  const { statusCode: status = 0 } = response;
  return { status, headers: Object.fromEntries(entries), body: Buffer.concat(pieces), url: place };
}

/** Milliseconds; undefined for an answer that another try would not change (RFC 9110 §10.2.3, Retry-After). */
function pauseAfter({ status, headers }: SmallAnswer, retries: number): number | undefined {
  if (status !== 429 && status < 500) return undefined;
  const after = headers['retry-after'];
  if (after === undefined) return PAUSE_MS * 2 ** retries;
  const asked = /^\d+$/.test(after) ? Number(after) * 1000 : Date.parse(after) - Date.now();
  if (Number.isNaN(asked)) return PAUSE_MS * 2 ** retries;
  return asked > LONGEST_PAUSE_MS ? undefined : Math.max(0, asked);
}

/** The connection broke off. */
function isLost(thrown: unknown): boolean {
  const { cause } = (thrown ?? {}) as { cause?: { code?: string } };
  return LOST.has(cause?.code ?? '');
}

function given(signal: AbortSignal | undefined): { signal?: AbortSignal } {
  return signal === undefined ? {} : { signal };
}
