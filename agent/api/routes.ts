// Makes the routes of the API from the table of its calls.
import type { RequestListener, Server } from 'node:http';
import { Readable } from 'node:stream';
import fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify';
import { serializerCompiler } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { RequestError } from '../errors.ts';
import { authorise, type Identify, whoeverIsOnTheSocket } from './authorisation.ts';
import type { Answers, Call, Caller } from './calls/call.ts';
import { type CallName, type Calls, calls } from './calls.ts';
import { errorBody, errorReply } from './error-reply.ts';
import { inputCheck } from './input-check.ts';

/** An answer for each call of the table. */
export type ApiAnswers = Answers<Calls>;

/** How answers look to code that does not know which call it is. */
type AnyAnswer = (asked: unknown, caller: Caller) => Promise<unknown> | AsyncIterable<unknown[]>;

const USER = 'user';
const NOTHING = z.strictObject({});

/** The API without a socket; `inject` asks it. */
export function buildApi(
  answers: ApiAnswers,
  options: {
    /** told of faults of the server itself */
    readonly onProblem: (reason: unknown) => void;
    readonly identify?: Identify;
    /** makes the server that calls arrive at; without it a plain one */
    readonly serverOf?: (handle: RequestListener) => Server;
  },
): FastifyInstance {
  const { serverOf } = options;
  const api = fastify({
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 4096 },
    frameworkErrors: (error, _request, reply) => {
      const sent: FastifyReply = reply;
      const status = error.statusCode ?? 400;
      const message = `Cannot read it: ${error.message}`;
      sent.code(status).send(errorBody(status, { message }));
    },
    ...(serverOf === undefined ? {} : { serverFactory: serverOf }),
  });
  api.setSerializerCompiler(serializerCompiler);
  api.setErrorHandler((error: FastifyError, _request, reply) => {
    const { status, body } = errorReply(error);
    if (status === 500) options.onProblem(error);
    reply.code(status).send(body);
  });
  api.setNotFoundHandler(({ method, url }, reply) => {
    const message = `There is no ${method} ${url.split('?', 1)[0]} in this API`;
    reply.code(404).send(errorBody(404, { message }));
  });
  api.decorateRequest(USER, '');
  const { identify = whoeverIsOnTheSocket } = options;
  for (const [name, call] of Object.entries<Call>(calls)) {
    const answer = answers[name as CallName] as AnyAnswer;
    api.route({
      method: call.method,
      url: call.path,
      schema: schemaOf(call),
      validatorCompiler: ({ schema }) => inputCheck(name, schema as unknown as z.ZodType),
      onRequest: async (request) => request.setDecorator(USER, authorise(call, identify(request))),
      handler: handlerOf(answer, options.onProblem),
    });
  }
  return api;
}

function schemaOf({ params, query, body, reply }: Call) {
  return {
    ...(params === undefined ? {} : { params }),
    querystring: query ?? NOTHING,
    ...(body === undefined ? {} : { body }),
    ...('line' in reply ? {} : { response: { 200: reply } }),
  };
}

function handlerOf(answer: AnyAnswer, onProblem: (reason: unknown) => void) {
  return async (request: FastifyRequest, reply: FastifyReply) => {
    const gone = new AbortController();
    reply.raw.once('close', () => gone.abort());
    const asked = Object.assign({}, request.params, request.query, request.body);
    const caller = { user: request.getDecorator<string>(USER), signal: gone.signal };
    const given = answer(asked, caller);
    if (!(Symbol.asyncIterator in given)) return await given;
    reply.type('application/x-ndjson');
    // Counted in bytes, so that few lines wait in memory for a caller who does not read.
    const text = textOf(telling(onProblem, given));
    return reply.send(Readable.from(text, { objectMode: false }));
  };
}

async function* textOf(pages: AsyncIterable<readonly unknown[]>): AsyncGenerator<string> {
  for await (const page of pages) {
    yield page.map((line) => `${JSON.stringify(line)}\n`).join('');
  }
}

/**
 * Where an answer fails that has begun, its caller sees the connection end: the reason is for the server's own log. What is the
 * caller's fault is the last line.
 */
async function* telling(
  onProblem: (reason: unknown) => void,
  pages: AsyncIterable<readonly unknown[]>,
): AsyncGenerator<readonly unknown[]> {
  try {
    yield* pages;
  } catch (reason) {
    if (reason instanceof RequestError) return yield [{ error: reason.message }];
    onProblem(reason);
    throw reason;
  }
}
