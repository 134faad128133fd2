// A person's browser at a provider: follows where it is sent, and says who it is.
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';

type Asked = { readonly method?: string; readonly body?: string };

/** @param login what never changes of them there; empty: they are nobody. @returns the address that the provider sends them back to */
export async function proveAt(
  url: string,
  { ca, login, back }: { readonly ca: string; readonly login: string; readonly back: string },
): Promise<string> {
  const cookies = new Map<string, string>();
  let at = url;
  let asked: Asked = {};
  for (let step = 0; step < 10 && !at.startsWith(back); step += 1) {
    const answer = await ask(at, {
      ...asked,
      ca,
      cookie: [...cookies].map((one) => one.join('=')),
    });
    for (const cookie of answer.headers['set-cookie'] ?? []) {
      const [name = '', value = ''] = cookie.split(';', 1)[0]?.split('=') ?? [];
      cookies.set(name, value);
    }
    const { location } = answer.headers;
    asked = location === undefined ? { method: 'POST', body: `login=${login}` } : {};
    at = location === undefined ? at : new URL(location, at).href;
  }
  return at;
}

async function ask(
  url: string,
  { ca, cookie, method = 'GET', body }: Asked & { ca: string; cookie: readonly string[] },
): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const headers = { cookie: cookie.join('; '), ...(body === undefined ? {} : form) };
  const asking = request(url, { ca, method, headers, agent: false }, resolve);
  asking.once('error', reject);
  asking.end(body);
  const answer = await promise;
  answer.resume();
  return answer;
}
