// How this server asks a provider: by HTTPS alone, with the provider's own authority where it has one, to no other address than
// asked for, and with an end in time and bytes.
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { messageOf } from '../../errors.ts';

/** Asks, as fetch does. */
export type ProviderFetch = (url: string, init: FetchInit) => Promise<Response>;

/** As openid-client gives it. */
export type FetchInit = {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
};

/** The provider did not answer; the message says why. */
export class NoAnswerError extends Error {
  override name = 'NoAnswerError' as const;
}

const MOST_BYTES = 1_048_576;
/** Statuses of which fetch knows no content (Fetch §2.2.3). */
const WITHOUT_BODY: readonly number[] = [204, 205, 304];

/** @param ms until an answer has to be there, whole */
export function providerFetch({ ca, ms }: { ca?: string | undefined; ms: number }): ProviderFetch {
  return async (url, { method, headers, body }) => {
    const { promise, resolve, reject } = Promise.withResolvers<Response>();
    const refuse = (reason: unknown) => {
      reject(new NoAnswerError(messageOf(reason), { cause: reason }));
    };
    const trusted = ca === undefined ? {} : { ca };
    const asking = request(url, { method, headers, agent: false, ...trusted });
    const timer = setTimeout(() => {
      asking.destroy(new Error(`it has not answered within ${ms / 1000} s`));
    }, ms);
    asking.once('close', () => clearTimeout(timer));
    asking.once('error', refuse);
    asking.once('response', (answer) => {
      read(answer).then(resolve, (reason: unknown) => {
        refuse(reason);
        asking.destroy();
      });
    });
    asking.end(body === undefined || body === null ? undefined : bytesOf(body));
    return await promise;
  };
}

async function read(answer: IncomingMessage): Promise<Response> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of answer) {
    size += part.length;
    if (size > MOST_BYTES) throw new Error(`its answer is longer than ${MOST_BYTES} bytes`);
    parts.push(part);
  }
  const { statusCode: status = 502, headers } = answer;
  const type = headers['content-type'];
  const body = WITHOUT_BODY.includes(status) ? null : Buffer.concat(parts);
  return new Response(body, {
    status,
    headers: type === undefined ? {} : { 'content-type': type },
  });
}

/** openid-client sends forms alone. */
function bytesOf(body: unknown): string {
  if (typeof body === 'string' || body instanceof URLSearchParams) return body.toString();
  throw new TypeError('Cannot send this to a provider: expected a form');
}
