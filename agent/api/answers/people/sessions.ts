// Answers to the calls by which the page logs in and out.
import type { Accounts } from '../../../access/accounts.ts';
import type { SignIns } from '../../../access/openid/sign-ins.ts';
import { SIGN_IN_SECONDS } from '../../../access/openid/started.ts';
import { SESSION_SECONDS } from '../../../access/sessions.ts';
import { RequestError } from '../../../errors.ts';
import type { Answers, Browser, Caller } from '../../calls/call.ts';
import type { sessionCalls } from '../../calls/people/sessions.ts';

/** What these answers need. */
export type SessionParts = {
  readonly accounts: Pick<Accounts, 'logIn' | 'sessions'>;
  /** by the OpenID provider of the configuration, if it has one */
  readonly signIns?: Pick<SignIns, 'name' | 'begin' | 'end'> | undefined;
};

/** Answers to the calls of calls/people/sessions.ts. */
export function sessionAnswers({ accounts, signIns }: SessionParts): Answers<typeof sessionCalls> {
  const { sessions } = accounts;
  const begin = async (browser: Browser, user: string) => {
    // Whatever secret the browser had, it may be one that somebody else gave to it.
    if (browser.secret !== undefined) await sessions.end(browser.secret);
    const { secret, expires } = await sessions.begin(user);
    browser.keep(secret, SESSION_SECONDS);
    return expires;
  };
  const provider = () => {
    if (signIns !== undefined) return signIns;
    const how = 'nobody signs in by a provider: the configuration has no api.oidc';
    throw new RequestError(409, `Nothing was changed: ${how}.`);
  };
  return {
    'sessions.logIn': async ({ user, password }, caller) => {
      const browser = browserOf(caller);
      browser.refuseForeignPages();
      const known = await accounts.logIn(user, password, caller.from);
      return { ...known, expires: await begin(browser, known.user) };
    },
    'sessions.ways': async () => ({ openId: signIns?.name ?? null }),
    'sessions.beginOpenId': async (_, caller) => {
      const browser = browserOf(caller);
      browser.refuseForeignPages();
      const { url, secret } = await provider().begin(caller.from);
      browser.keepSignIn(secret, SIGN_IN_SECONDS);
      return { url };
    },
    'sessions.endOpenId': async ({ answer }, caller) => {
      const browser = browserOf(caller);
      browser.refuseForeignPages();
      const { signIn: secret } = browser;
      const known = await provider().end({ secret, answer, from: caller.from });
      const expires = await begin(browser, known.user);
      browser.forgetSignIn();
      return { ...known, expires };
    },
    'sessions.logOut': async (_, caller) => {
      const browser = browserOf(caller);
      if (browser.secret !== undefined) await sessions.end(browser.secret);
      browser.forget();
      return {};
    },
  };
}

function browserOf({ browser }: Caller): Browser {
  if (browser !== undefined) return browser;
  throw new RequestError(409, 'Nothing was changed: sessions are for browsers, by HTTPS.');
}
