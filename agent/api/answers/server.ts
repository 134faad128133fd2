// Answers to calls about the server itself.
import type { Metrics } from '../../metrics/metrics.ts';
import type { Answers } from '../calls/call.ts';
import type { serverCalls } from '../calls/server.ts';
import { calls } from '../calls.ts';
import { openApi } from '../description/openapi.ts';

/** What these answers need. */
export type ServerParts = {
  readonly version: string;
  readonly metrics: Pick<Metrics, 'text'>;
};

/** Answers to the calls of calls/server.ts. */
export function serverAnswers({ version, metrics }: ServerParts): Answers<typeof serverCalls> {
  // Made once: it takes long, and anybody may ask for it.
  let description: ReturnType<typeof openApi> | undefined;
  return {
    'server.version': async () => ({ version }),
    'server.metrics': async () => metrics.text(),
    'server.describe': async () => {
      description ??= openApi(calls);
      return description;
    },
  };
}
