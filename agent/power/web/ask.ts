// One request to a device or program that switches power.
import { messageOf, WaltError } from '../../errors.ts';
import type { Secret } from '../../secrets/secrets.ts';
import { PowerRefused } from '../driver.ts';

const MOST_MS = 15_000;
const MOST_BYTES = 64_000;

/** @returns the beginning of the answer. @throws {WaltError} without the user's name and password, if it does not succeed */
export async function askWeb(url: string, secret: Secret | undefined): Promise<string> {
  const asked = webUrl(url);
  const headers: Record<string, string> = {};
  if (secret !== undefined) {
    const pair = Buffer.from(`${secret.user}:${secret.password}`).toString('base64');
    headers.authorization = `Basic ${pair}`;
  }
  const signal = AbortSignal.timeout(MOST_MS);
  // Where it were sent on, the password would go along.
  const response = await fetch(asked, { headers, signal, redirect: 'error' }).catch(
    (cause: unknown) => {
      throw new WaltError(`${asked.host} does not do it: ${messageOf(cause)}`, { cause });
    },
  );
  const text = await beginningOf(response);
  if (response.ok) return text;
  const why = `${asked.host} does not do it: it answers with status ${response.status}`;
  // It did not understand the request, or not who asks (RFC 9110 §15.5); of other failures nobody knows how far it came.
  throw isRefusal(response.status) ? new PowerRefused(why) : new WaltError(why);
}

/** Whether a status of HTTP says that nothing was done. */
export function isRefusal(status: number): boolean {
  return status >= 400 && status < 500 && status !== 408;
}

/** @throws {WaltError} if it is no URL of the web */
export function webUrl(url: string): URL {
  const asked = URL.parse(url);
  const isOpen = `${asked?.username}${asked?.password}` === '';
  if (asked !== null && /^https?:$/.test(asked.protocol) && isOpen) return asked;
  // What stands there is for operators alone; those who switch power are told this.
  throw new WaltError(
    'power.argument has no URL where one belongs, expected a URL with http:// or https:// and no password in it',
  );
}

async function beginningOf(response: Response): Promise<string> {
  let text = '';
  const decoder = new TextDecoder();
  for await (const bytes of response.body ?? []) {
    text += decoder.decode(bytes, { stream: true });
    if (text.length > MOST_BYTES) break;
  }
  return text;
}
