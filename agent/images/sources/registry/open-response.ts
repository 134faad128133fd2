// One GET, with its redirects, up to the first byte of the answer's body.
import { type IncomingMessage, Agent as PlainAgent, request as requestHttp } from 'node:http';
import { Agent, request as requestHttps } from 'node:https';
import { OUTSIDE } from '../../../net/outside.ts';
import { RegistryError, withoutAnswer } from './registry-error.ts';
import { contextFor } from './trusted-certificates.ts';

/** How something is asked for. */
export type Asking = {
  readonly headers: Readonly<Record<string, string>>;
  /** certificates (PEM) that those of servers may be signed by; those of Node.js without it */
  readonly ca?: string;
  readonly signal?: AbortSignal;
};

/** An answer, its body still to be read. */
export type Answer = {
  readonly response: IncomingMessage;
  /** where it came from in the end */
  readonly url: string;
};

const MOST_REDIRECTS = 5;
/** Until the head of an answer is there, with looking up and connecting. */
const PATIENCE_MS = 10_000;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/**
 * Follows redirects, without the Authorization header to another origin (RFC 9110 §15.4), and never from TLS to plain HTTP.
 * @throws {RegistryError} if there is no answer
 */
export async function openResponse(url: string, asking: Asking): Promise<Answer> {
  let current = new URL(url);
  let { headers } = asking;
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects += 1) {
    const response = await ask(current, { ...asking, headers });
    const { location } = response.headers;
    if (!REDIRECTS.has(response.statusCode ?? 0) || location === undefined) {
      return { response, url: current.href };
    }
    response.destroy();
    const next = placeAfter(current, location);
    if (next.origin !== current.origin) headers = withoutAuthorization(headers);
    current = next;
  }
  throw new RegistryError('failed', `it sends on more than ${MOST_REDIRECTS} times`);
}

function placeAfter(current: URL, location: string): URL {
  const next = URL.canParse(location, current.href) ? new URL(location, current) : undefined;
  if (next?.protocol === 'https:') return next;
  const isSame = next?.origin === current.origin;
  if (next?.protocol === 'http:' && !isTls(current) && (isSame || isLoopback(next))) return next;
  throw new RegistryError(
    'failed',
    `it sends on to ${next?.origin ?? 'nowhere'}, which is not asked: expected an address with https`,
  );
}

function withoutAuthorization(headers: Asking['headers']): Record<string, string> {
  const kept = Object.entries(headers).filter(([name]) => name.toLowerCase() !== 'authorization');
  return Object.fromEntries(kept);
}

async function ask(url: URL, { headers, ca, signal }: Asking): Promise<IncomingMessage> {
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), PATIENCE_MS);
  const signals = signal === undefined ? [patience.signal] : [patience.signal, signal];
  try {
    return await new Promise((resolve, reject) => {
      const options = { headers, agent: agentFor(url, ca), signal: AbortSignal.any(signals) };
      const asking = (isTls(url) ? requestHttps : requestHttp)(url, options, (response) => {
        // The patience is for the head alone: whoever reads the body has its own.
        clearTimeout(timer);
        resolve(response);
      });
      asking.once('error', reject).end();
    });
  } catch (thrown) {
    if (signal?.aborted === true) throw signal.reason;
    if (patience.signal.aborted) {
      throw new RegistryError('failed', `it did not answer within ${PATIENCE_MS / 1000} seconds`);
    }
    throw withoutAnswer(thrown);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * A connection of its own for each request. Proxies of the environment are for other machines only, and see TLS alone; but where this
 * process is in a network that leads nowhere, the one way out is for all.
 */
function agentFor(url: URL, ca: string | undefined): Agent | PlainAgent | false {
  const outside = process.env[OUTSIDE];
  const wayOut = outside === undefined ? undefined : { HTTP_PROXY: outside, HTTPS_PROXY: outside };
  if (!isTls(url)) return wayOut === undefined ? false : new PlainAgent({ proxyEnv: wayOut });
  const trust = ca === undefined ? {} : { secureContext: contextFor(ca) };
  if (wayOut !== undefined) return new Agent({ ...trust, proxyEnv: wayOut });
  return new Agent(isLoopback(url) ? trust : { ...trust, proxyEnv: process.env });
}

/** Whether it is this machine. */
export function isLoopback({ hostname }: URL): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.[\d.]+$/.test(hostname);
}

function isTls({ protocol }: URL): boolean {
  return protocol === 'https:';
}
