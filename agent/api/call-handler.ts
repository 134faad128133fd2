// Answers one call whose caller was let in: by one value, a file, lines, messages or frames.
import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { messageOf, RequestError } from '../errors.ts';
import { countingWrites, type Written } from '../host/queues/written.ts';
import type { ApiOptions } from './api-options.ts';
import { asPermitted, asTold, authorise, type Identify } from './authorisation.ts';
import type { Call, Caller, Role, SentFile, Session } from './calls/call.ts';
import type { Upgrades } from './frames/upgrades.ts';
import { toldSentence, withOutcome } from './replies/error-reply.ts';
import { LINES, MESSAGES } from './replies/piece-text.ts';
import { sendFile } from './replies/send-file.ts';
import { afterLastWord, LOOK_MS, untilLost, watchStanding } from './replies/standing.ts';
import { addressOf, bodyOf, browserOf, lastEventIdOf } from './requests/read-request.ts';

/** Who makes a request, as far as its row asks for it. */
export type Known = Pick<Caller, 'user' | 'role' | 'token'>;

/** How answers look to code that does not know which call it is. */
export type AnyAnswer = (
  asked: unknown,
  caller: Caller,
) => Promise<unknown> | AsyncIterable<unknown[]>;

/** Where a request keeps who makes it ({@link Known}). */
export const CALLER = 'caller';

/** Answers a call of which it is known who makes it, and tells of it. */
export function handlerOf(
  { name, call, answer }: { name: string; call: Call; answer: AnyAnswer },
  {
    onProblem,
    onCall = () => undefined,
    upgrades,
    identify,
    lookMs: ms = LOOK_MS,
  }: Pick<ApiOptions, 'onProblem' | 'onCall' | 'lookMs'> & {
    readonly upgrades: Upgrades;
    readonly identify: Identify;
  },
) {
  return async (request: FastifyRequest, reply: FastifyReply) => {
    const gone = new AbortController();
    reply.raw.once('close', () => gone.abort());
    const written: Written = { count: 0 };
    const known = request.getDecorator<Known>(CALLER);
    const from = addressOf(request);
    const browser = from === '' ? {} : { browser: browserOf(request, reply) };
    const lastEventId = lastEventIdOf(request);
    const { bytes, fields } = bodyOf(request, call);
    const caller = { ...known, from, signal: gone.signal, lastEventId, bytes, ...browser };
    const all = Object.assign({}, request.params, request.query, fields);
    const asked = asPermitted(all, known.role);
    const tell = (outcome: string, value?: unknown) =>
      onCall({ name, call, asked, caller, outcome, reply: value });
    const begun = (cutOff: () => void): AbortSignal => {
      tell('begun');
      if (from === '') return new AbortController().signal;
      const roleNow = () => authorise(call, () => identify(request)).role;
      const lost = watchStanding(known.role, { ms, signal: gone.signal, roleNow });
      afterLastWord(lost, cutOff);
      return lost;
    };
    try {
      if ('frames' in call.reply) {
        upgrades.check(request.raw);
        const session = (await answer(asked, caller)) as Session;
        const lost = begun(() => gone.abort());
        reply.hijack();
        upgrades.begin(request.raw, session, { lost, gone: () => gone.abort() });
        return;
      }
      const given = countingWrites(written, () => answer(asked, caller));
      if (!(Symbol.asyncIterator in given)) {
        const value = await given;
        tell('done', value);
        if ('bytes' in call.reply) {
          return await sendFile(request, reply, {
            ...(value as SentFile),
            type: call.reply.bytes,
          });
        }
        if ('text' in call.reply) reply.type(call.reply.text);
        return value;
      }
      const isMessages = 'data' in call.reply;
      const { type, textOf } = isMessages ? MESSAGES : LINES;
      const lost = begun(() => reply.raw.destroy());
      reply.type(type).header('cache-control', 'no-store');
      // Counted in bytes, so that few lines wait in memory for a caller who does not read.
      const text = textOf(telling(given, { ...{ onProblem, lost, isMessages }, role: known.role }));
      return reply.send(Readable.from(text, { objectMode: false }));
    } catch (reason) {
      const told = withOutcome(asTold(reason, known.role), written);
      tell(`refused: ${messageOf(told)}`);
      throw told;
    }
  };
}

type Telling = Pick<ApiOptions, 'onProblem'> & {
  readonly role: Role;
  /** its reason is what the caller is told */
  readonly lost: AbortSignal;
  /** they have no form for a sentence */
  readonly isMessages: boolean;
};

/**
 * Where an answer fails that has begun, its caller sees the connection end: the reason is for the server's own log. What is the
 * caller's fault, or why they may not go on, is the last line.
 */
async function* telling(
  pages: AsyncIterable<readonly unknown[]>,
  { onProblem, role, lost, isMessages }: Telling,
): AsyncGenerator<readonly unknown[]> {
  try {
    yield* untilLost(pages, lost);
  } catch (thrown) {
    const reason = asTold(thrown, role);
    if (reason instanceof RequestError)
      return yield isMessages ? [] : [{ error: toldSentence(reason.message) }];
    onProblem(reason);
    throw reason;
  }
}
