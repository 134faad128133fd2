// The answer to a request that works on an image for a while: steps as they come, then how it ended.
import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { messageOf } from '../errors.ts';
import type { Image } from '../images/content/image.ts';
import type { Platform } from './platform.ts';
import type { ImportLine } from './types.ts';
import { viewImage } from './views.ts';

export type ImageWork = {
  readonly progress: (text: string) => void;
  readonly say: (line: ImportLine) => void;
  /** aborts when whoever asked has gone */
  readonly signal: AbortSignal;
};

/** @param work its result, if it has one, is the last line */
export function streamWork(
  reply: FastifyReply,
  platform: Platform,
  work: (tools: ImageWork) => Promise<Image | undefined>,
): FastifyReply {
  const answer = new Readable({ read() {} });
  const gone = new AbortController();
  reply.raw.once('close', () => gone.abort());
  const say = (line: ImportLine) => {
    if (!gone.signal.aborted) answer.push(`${JSON.stringify(line)}\n`);
  };
  work({ say, progress: (text) => say({ kind: 'step', text }), signal: gone.signal })
    .then((image) => image && say({ kind: 'done', image: viewImage(image, platform) }))
    .catch((reason: unknown) => say({ kind: 'failed', error: messageOf(reason) }))
    .finally(() => answer.push(null));
  reply.type('application/x-ndjson');
  return reply.send(answer);
}
