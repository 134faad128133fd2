// One HTTPS request to a BMC. BMCs have certificates that they signed themselves, so that the fingerprint is what is believed: it is
// looked at before the account and password are sent.
import { request } from 'node:https';
import { connect, type TLSSocket } from 'node:tls';
import { messageOf, WaltError } from '../../errors.ts';
import type { Secret } from '../../secrets/secrets.ts';

/** A BMC, and what proves that it is the one that is meant. */
export type PinnedHost = {
  readonly host: string;
  readonly port: number;
  /** SHA-256 of its certificate, as 64 hexadecimal digits in lower case; undefined where nobody has said it yet */
  readonly fingerprint: string | undefined;
};

/** What is asked. */
export type PinnedQuestion = {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly secret: Secret;
  readonly body?: unknown;
};

const MOST_MS = 15_000;
const MOST_BYTES = 256_000;

/** @returns status and text of the answer. @throws {WaltError} before the password is sent, if the certificate is another one */
export async function askPinned(
  target: PinnedHost,
  question: PinnedQuestion,
): Promise<{ readonly status: number; readonly text: string }> {
  const signal = AbortSignal.timeout(MOST_MS);
  const socket = await connected(target, signal);
  try {
    refuseOthers(target, socket);
    return await sent(socket, { ...question, host: target.host, signal });
  } catch (cause) {
    if (cause instanceof WaltError) throw cause;
    throw new WaltError(`${target.host} does not do it: ${messageOf(cause)}`, { cause });
  } finally {
    socket.destroy();
  }
}

async function connected({ host, port }: PinnedHost, signal: AbortSignal): Promise<TLSSocket> {
  const { promise, resolve, reject } = Promise.withResolvers<TLSSocket>();
  const socket = connect({ host, port, rejectUnauthorized: false, minVersion: 'TLSv1.2' });
  const end = () => reject(new Error(`no TLS within ${MOST_MS / 1000} s`));
  signal.addEventListener('abort', end, { once: true });
  socket.once('secureConnect', () => resolve(socket));
  // Errors that come later have somebody who waits for them too.
  socket.on('error', reject);
  try {
    return await promise;
  } catch (cause) {
    socket.destroy();
    throw new WaltError(`${host} port ${port} speaks no TLS with us: ${messageOf(cause)}`, {
      cause,
    });
  } finally {
    signal.removeEventListener('abort', end);
  }
}

function refuseOthers({ host, fingerprint }: PinnedHost, socket: TLSSocket): void {
  const { fingerprint256 = '' } = socket.getPeerCertificate();
  const shown = fingerprint256.replaceAll(':', '').toLowerCase();
  if (shown !== '' && shown === fingerprint) return;
  if (fingerprint !== undefined) {
    throw new WaltError(
      `the certificate of ${host} is not the one that power.argument names: its SHA-256 is ${shown}. Nothing was sent; see who answers there`,
    );
  }
  throw new WaltError(
    `power.argument does not say by what certificate ${host} is known. The one it shows has the SHA-256 ${shown}: compare it with what the BMC says of itself, and put it behind the address`,
  );
}

function sent(
  socket: TLSSocket,
  asked: PinnedQuestion & { readonly host: string; readonly signal: AbortSignal },
): Promise<{ readonly status: number; readonly text: string }> {
  const { method, path, secret, body, host, signal } = asked;
  const content = body === undefined ? '' : JSON.stringify(body);
  const headers = {
    authorization: `Basic ${Buffer.from(`${secret.user}:${secret.password}`).toString('base64')}`,
    accept: 'application/json',
    'odata-version': '4.0',
    ...(content === '' ? {} : { 'content-type': 'application/json' }),
    'content-length': Buffer.byteLength(content),
  };
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; text: string }>();
  const asking = request(
    { host, method, path, headers, signal, createConnection: () => socket },
    (response) => {
      const parts: Buffer[] = [];
      let length = 0;
      response.on('data', (part: Buffer) => {
        length += part.length;
        if (length > MOST_BYTES) asking.destroy(new Error('its answer is far too long'));
        else parts.push(part);
      });
      response.on('error', reject);
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, text: Buffer.concat(parts).toString() });
      });
    },
  );
  asking.on('error', reject);
  asking.end(content);
  return promise;
}
