// What a call that fails is answered with: a sentence for people, and a code for programs.
import type { FastifyError } from 'fastify';
import { DiskError, diskWords, ImageError, RequestError, WaltError } from '../../errors.ts';
import type { Written } from '../../host/queues/written.ts';
import { oneLine } from '../../host/text/shown-text.ts';

const CODES: Readonly<Record<number, string>> = {
  400: 'bad-request',
  401: 'not-logged-in',
  403: 'no-right',
  404: 'not-found',
  405: 'bad-request',
  408: 'too-slow',
  409: 'conflict',
  413: 'too-large',
  414: 'too-large',
  415: 'bad-type',
  426: 'no-websocket',
  429: 'too-many',
  431: 'too-large',
  502: 'no-answer',
  503: 'busy',
  507: 'disk-full',
};

/** Characters of a sentence: names that somebody made up may be as long as a request. */
const LONGEST = 4000;

/** The body of such an answer. */
export function errorBody(status: number, { message, code }: ErrorText) {
  return { error: toldSentence(message), code: code ?? CODES[status] ?? 'fault' };
}

/** As callers are told it: in one line, whatever names from elsewhere have in them. */
export function toldSentence(message: string): string {
  const line = oneLine(message);
  return line.length <= LONGEST ? line : `${line.slice(0, LONGEST).toWellFormed()}…`;
}

type ErrorText = { readonly message: string; readonly code?: string | undefined };

const TYPE =
  'Cannot read the body: expected header content-type: application/json, or application/octet-stream where bytes are sent';
const FAULT = 'The server failed at this. Its administrators find the reason in its log.';

/**
 * What a call failed by: where that is a disk that takes nothing more, with what became of the call.
 * @param written what the call had on disk before
 */
export function withOutcome(thrown: unknown, written: Written): unknown {
  const words = thrown instanceof WaltError ? undefined : diskWords(thrown);
  const reason = thrown instanceof DiskError ? thrown.message : words;
  if (reason === undefined) return thrown;
  const outcome = written.count === 0 ? 'Nothing was changed' : 'Not all of it was done';
  const text = `${reason.charAt(0).toLowerCase()}${reason.slice(1)}`;
  return new DiskError(`${outcome}: ${text}`, { cause: thrown });
}

/**
 * Status and body for what was thrown while a call was read or answered.
 * @param to.knowsServer the caller may know the server's files, which the reason of a fault of its own often names
 */
export function errorReply(
  thrown: FastifyError | Error,
  { knowsServer }: { readonly knowsServer: boolean },
) {
  const status = statusOf(thrown);
  if (status === 500 && !knowsServer) {
    return { status, body: errorBody(status, { message: FAULT }) };
  }
  const given = thrown instanceof RequestError ? thrown.code : undefined;
  // The framework writes codes of its own even into our errors.
  const code = given?.startsWith('FST_') ? undefined : given;
  return { status, body: errorBody(status, { message: messageFor(thrown, status), code }) };
}

function messageFor(thrown: Error, status: number): string {
  if (thrown instanceof RequestError) return thrown.message;
  if (status === 415) return TYPE;
  if (!(thrown instanceof DiskError) || thrown.message.includes('walt ')) return thrown.message;
  return `${thrown.message}. walt doctor on the server says what helps`;
}

function statusOf(error: FastifyError | Error): number {
  if (error instanceof RequestError) return error.status;
  if (error instanceof ImageError) return 400;
  // It names no file.
  if (error instanceof DiskError) return 507;
  return ('statusCode' in error ? error.statusCode : undefined) ?? 500;
}
