// Makes the routes of the API from the table of its calls.
import type { IncomingMessage, ServerResponse } from 'node:http';
import fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify';
import { serializerCompiler } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { DiskError, messageOf } from '../errors.ts';
import type { ApiAnswers, ApiOptions } from './api-options.ts';
import { authorise, type Identify, type Identity, whoeverIsOnTheSocket } from './authorisation.ts';
import { type AnyAnswer, CALLER, handlerOf, type Known } from './call-handler.ts';
import type { Call } from './calls/call.ts';
import { type CallName, calls } from './calls.ts';
import { Upgrades } from './frames/upgrades.ts';
import { servePage } from './page/serve-page.ts';
import { errorBody, errorReply } from './replies/error-reply.ts';
import { refuseUnclearHead } from './requests/clear-head.ts';
import { inputCheck } from './requests/input-check.ts';
import { addressOf, refuseOtherPages } from './requests/read-request.ts';
import { answerUnread } from './requests/unread.ts';

const NOTHING = z.strictObject({});
/** Of schemas. The framework would load others of its own, which no call uses: each row checks what it is asked by itself. */
const COMPILERS = {
  buildValidator: (() => () => {
    throw new Error('Cannot check what a call is asked: its route says not how');
  }) as never,
  buildSerializer: (() => serializerCompiler) as never,
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
