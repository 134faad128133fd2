// Why nobody was let in by a provider, each as one sentence.
import { AuthorizationResponseError, ClientError, ResponseBodyError } from 'openid-client';
import { messageOf, RequestError } from '../../errors.ts';
import { oneLine } from '../../host/text/shown-text.ts';
import { NoAnswerError } from './provider-fetch.ts';

const LONGEST = 200;

/** What an answer says that does not prove who somebody is, by the name of the claim. */
const CLAIM_WORDS: Readonly<Record<string, string>> = {
  iss: 'it is of another issuer',
  aud: 'it is for another client',
  azp: 'it is for another client',
  nonce: 'it is of another sign-in',
  exp: 'it is over (do the clocks of both servers agree?)',
  nbf: 'it is not valid yet (do the clocks of both servers agree?)',
  iat: 'it is of the future (do the clocks of both servers agree?)',
};

/** The provider did not answer. */
export function noAnswer(issuer: string, reason: NoAnswerError): RequestError {
  const text = `The provider ${issuer} cannot be asked now: ${oneLine(reason.message)}. Try again in a moment, or log in with a password.`;
  return new RequestError(503, text, { cause: reason, code: 'provider-down' });
}

/** The reason that nothing but `noAnswer` has; undefined for all else. */
export function noAnswerOf(thrown: unknown): NoAnswerError | undefined {
  for (let reason = thrown; reason instanceof Error; reason = reason.cause) {
    if (reason instanceof NoAnswerError) return reason;
  }
  return undefined;
}

/** What a person is told about an answer that lets nobody in. */
export function refusalOf(issuer: string, thrown: unknown): RequestError {
  if (thrown instanceof RequestError) return thrown;
  if (thrown instanceof AuthorizationResponseError) {
    const { error, error_description: more } = thrown;
    const text = `Your provider did not let you in: ${shown(more ?? error)}.`;
    return new RequestError(403, text, { cause: thrown, code: 'provider-refused' });
  }
  if (thrown instanceof ResponseBodyError) return refusedByToken(issuer, thrown);
  const text = `You were not let in: what ${issuer} answered proves nothing: ${reasonOf(thrown)}.`;
  return new RequestError(502, text, { cause: thrown, code: 'provider-wrong' });
}

/** RFC 6749 §5.2. */
function refusedByToken(issuer: string, { error, cause }: ResponseBodyError): RequestError {
  if (error === 'invalid_grant') {
    const text = `You were not let in: ${issuer} does not take the code of this sign-in (any more). Sign in again.`;
    return new RequestError(401, text, { cause, code: 'sign-in-over' });
  }
  const mend = 'An administrator looks at api.oidc: clientId, clientSecretFile, url';
  const text = `You were not let in: ${issuer} refuses this server: ${shown(error)}. ${mend}.`;
  return new RequestError(502, text, { cause, code: 'provider-wrong' });
}

function reasonOf(thrown: unknown): string {
  const code = thrown instanceof ClientError ? thrown.code : undefined;
  const inner = thrown instanceof Error ? (thrown.cause ?? thrown) : thrown;
  const claim = claimOf(thrown);
  if (inner instanceof Response) return `its status is ${inner.status}`;
  if (claim !== undefined && CLAIM_WORDS[claim] !== undefined) return CLAIM_WORDS[claim];
  if (code === 'OAUTH_KEY_SELECTION_FAILED') return 'it is signed with a key that is not its own';
  return shown(messageOf(inner));
}

/** openid-client keeps the claim in one of the causes. */
function claimOf(thrown: unknown): string | undefined {
  for (let reason = thrown; typeof reason === 'object' && reason !== null; ) {
    if ('claim' in reason) return String(reason.claim);
    reason = 'cause' in reason ? reason.cause : undefined;
  }
  return undefined;
}

function shown(text: string): string {
  return oneLine(text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text).replace(/\.$/, '');
}
