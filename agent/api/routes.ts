// Makes the routes of the API from the table of its calls.
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify';
import { serializerCompiler } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { DiskError, messageOf, RequestError } from '../errors.ts';
import { countingWrites, type Written } from '../host/queues/written.ts';
import {
  asPermitted,
  asTold,
  authorise,
  type Identify,
  type Identity,
  whoeverIsOnTheSocket,
} from './authorisation.ts';
import type { Answers, Browser, Call, Caller, Role, SentFile, Session } from './calls/call.ts';
import { type CallName, type Calls, calls } from './calls.ts';
import { Upgrades } from './frames/upgrades.ts';
import {
  NO_SESSION_COOKIE,
  NO_SIGN_IN_COOKIE,
  refuseForeignPages,
  sessionCookie,
  sessionSecret,
  signInCookie,
  signInSecret,
} from './page/browser.ts';
import type { PageFiles } from './page/page-files.ts';
import { servePage } from './page/serve-page.ts';
import { errorBody, errorReply, toldSentence, withOutcome } from './replies/error-reply.ts';
import { LINES, MESSAGES } from './replies/piece-text.ts';
import { sendFile } from './replies/send-file.ts';
import { afterLastWord, LOOK_MS, untilLost, watchStanding } from './replies/standing.ts';
import { refuseUnclearHead } from './requests/clear-head.ts';
import { inputCheck } from './requests/input-check.ts';
import { answerUnread } from './requests/unread.ts';

/** An answer for each call of the table. */
export type ApiAnswers = Answers<Calls>;

/** Who makes a request, as far as its row asks for it. */
type Known = Pick<Caller, 'user' | 'role' | 'token'>;

/** How answers look to code that does not know which call it is. */
type AnyAnswer = (asked: unknown, caller: Caller) => Promise<unknown> | AsyncIterable<unknown[]>;

const CALLER = 'caller';
const NOTHING = z.strictObject({});
/** Of schemas. The framework would load others of its own, which no call uses: each row checks what it is asked by itself. */
const COMPILERS = {
  buildValidator: (() => () => {
    throw new Error('Cannot check what a call is asked: its route says not how');
  }) as never,
  buildSerializer: (() => serializerCompiler) as never,
};

/** A call that somebody made, and what came of it. */
export type MadeCall = {
  readonly name: string;
  readonly call: Call;
  readonly asked: object;
  readonly caller: Caller;
  /** `done`, `begun` of one that is answered in lines, or why it was refused */
  readonly outcome: string;
  /** the answer, where it is one value */
  readonly reply?: unknown;
};

/** A call that somebody was not let make. */
export type RefusedCall = {
  readonly name: string;
  readonly by: Identity;
  /** their address; empty on a unix socket */
  readonly from: string;
  readonly reason: string;
};

/** What the API has besides its answers. */
export type ApiOptions = {
  /** told of faults of the server itself */
  readonly onProblem: (reason: unknown) => void;
  readonly identify?: Identify;
  /** told of each call that its caller was allowed to make */
  readonly onCall?: (made: MadeCall) => void;
  /** told of each call that somebody known was not allowed to make */
  readonly onRefused?: (refused: RefusedCall) => void;
  /** for browsers, besides the calls */
  readonly page?: PageFiles;
  /** milliseconds between two looks whether who listens to a long answer still may */
  readonly lookMs?: number;
  /** makes the server that calls arrive at; without it a plain one */
  readonly serverOf?: (handle: RequestListener) => Server;
};

/** The API without a socket; `inject` asks it. */
export function buildApi(answers: ApiAnswers, options: ApiOptions): FastifyInstance {
  const { serverOf } = options;
  const api = fastify({
    forceCloseConnections: true,
    clientErrorHandler: answerUnread,
    routerOptions: { maxParamLength: 4096 },
    schemaController: { compilersFactory: COMPILERS },
    frameworkErrors: (error, _request, reply) => {
      const sent: FastifyReply = reply;
      const status = error.statusCode ?? 400;
      const message = `Cannot read it: ${error.message}`;
      sent.code(status).send(errorBody(status, { message }));
    },
    ...(serverOf === undefined ? {} : { serverFactory: serverOf }),
  });
  api.setErrorHandler((error: FastifyError, request, reply) => {
    const known = request.getDecorator<Known | null>(CALLER);
    const { status, body } = errorReply(error, { knowsServer: known?.role === 'admin' });
    if (status === 500 || error instanceof DiskError) options.onProblem(error);
    reply.code(status).send(body);
  });
  api.setNotFoundHandler(({ method, url }, reply) => {
    const message = `There is no ${method} ${url.split('?', 1)[0]} in this API`;
    reply.code(404).send(errorBody(404, { message }));
  });
  if (options.page !== undefined) servePage(api, options.page);
  api.decorateRequest(CALLER, null);
  const upgrades = new Upgrades(options.onProblem);
  upgrades.listen(api.server, (request, response) => api.routing(request, response), isOfFrames);
  api.addHook('preClose', async () => upgrades.close());
  const { identify = whoeverIsOnTheSocket } = options;
  const ofJson: Place = (add) => add(api);
  const ofBytes: Place = (add) =>
    api.register(async (scope) => {
      scope.addContentTypeParser(
        'application/octet-stream',
        async (_: unknown, bytes: unknown) => bytes,
      );
      scope.addHook('onSend', async ({ raw }, reply) => endUnread(raw, reply.raw));
      add(scope);
    });
  for (const [name, call] of Object.entries<Call>(calls)) {
    const answer = answers[name as CallName] as AnyAnswer;
    const on = call.takesBytes === true ? ofBytes : ofJson;
    on((scope) =>
      scope.route({
        method: call.method,
        url: call.path,
        schema: schemaOf(call),
        // The framework reads such an answer to its end, though nobody is told of it, and no connection is held by it.
        exposeHeadRoute: !isInPieces(call.reply),
        validatorCompiler: ({ schema }) => inputCheck(name, schema as unknown as z.ZodType),
        onRequest: async (request) => {
          refuseUnclearHead(request.raw);
          refuseOtherPages(request);
          request.setDecorator(CALLER, admitted({ name, call, request }, { ...options, identify }));
        },
        handler: handlerOf({ name, call, answer }, { ...options, identify, upgrades }),
      }),
    );
  }
  return api;
}

/** @throws {RequestError} if they may not make this call; that is told where it is known who they are */
function admitted(
  { name, call, request }: { name: string; call: Call; request: FastifyRequest },
  { identify, onRefused }: Pick<ApiOptions, 'onRefused'> & { readonly identify: Identify },
): Known {
  let by: Identity | undefined;
  const proved = () => {
    by = identify(request);
    return by;
  };
  try {
    return authorise(call, proved);
  } catch (thrown) {
    const reason = messageOf(thrown);
    if (by !== undefined) onRefused?.({ name, by, from: addressOf(request), reason });
    throw thrown;
  }
}

type Place = (add: (scope: FastifyInstance) => void) => void;

/** Milliseconds in which a caller who still sends may read that nothing more is taken. */
const LAST_WORD_MS = 5000;

function endUnread(request: IncomingMessage, response: ServerResponse): void {
  if (request.complete) return;
  response.once('finish', () => {
    setTimeout(() => request.complete || request.destroy(), LAST_WORD_MS).unref();
  });
}

function schemaOf({ params, query, body, reply }: Call) {
  return {
    ...(params === undefined ? {} : { params }),
    querystring: query ?? NOTHING,
    ...(body === undefined ? {} : { body }),
    ...(isPlain(reply) ? { response: { 200: reply } } : {}),
  };
}

/** One value, written as the row has it. */
function isPlain(reply: Call['reply']): reply is z.ZodType {
  return !['line', 'data', 'frames', 'text', 'bytes'].some((kind) => kind in reply);
}

function isInPieces(reply: Call['reply']): boolean {
  return ['line', 'data', 'frames'].some((kind) => kind in reply);
}

/** Of the calls that are answered by a WebSocket. */
const FRAME_PATHS = Object.values<Call>(calls)
  .filter(({ reply }) => 'frames' in reply)
  .map(({ path }) => new RegExp(`^${path.replaceAll(/:\w+/g, '[^/]+')}$`));

function isOfFrames(url: string): boolean {
  const [path = ''] = url.split('?', 1);
  return FRAME_PATHS.some((pattern) => pattern.test(path));
}

function handlerOf(
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

/** A browser says whose page asks. No page of others may, whatever it has found out. */
function refuseOtherPages({ headers }: FastifyRequest): void {
  const { origin, host } = headers;
  if (origin === undefined || origin === `https://${host}`) return;
  throw new RequestError(403, 'Pages of other servers may not make calls', {
    code: 'other-origin',
  });
}

function browserOf(request: FastifyRequest, reply: FastifyReply): Browser {
  return {
    secret: sessionSecret(request),
    signIn: signInSecret(request),
    refuseForeignPages: () => refuseForeignPages(request),
    forgetSignIn: () => reply.header('set-cookie', NO_SIGN_IN_COOKIE),
    keepSignIn: (secret, seconds) => reply.header('set-cookie', signInCookie(secret, seconds)),
    keep: (secret, seconds) => reply.header('set-cookie', sessionCookie(secret, seconds)),
    forget: () => reply.header('set-cookie', NO_SESSION_COOKIE),
  };
}

/** Empty on a unix socket. */
function addressOf({ raw }: FastifyRequest): string {
  return raw.socket.remoteAddress?.replace(/^::ffff:/, '') ?? '';
}

/** Bytes are read by the answer, at its pace; of an answer that needs no more, not much more is heard. */
function bodyOf({ body, raw }: FastifyRequest, { takesBytes }: Call) {
  if (takesBytes !== true) return { bytes: undefined, fields: body };
  return { bytes: body === raw ? raw : undefined, fields: {} };
}

function lastEventIdOf({ headers }: FastifyRequest): string | undefined {
  const id = headers['last-event-id'];
  return typeof id === 'string' ? id : undefined;
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
