// Answers to the calls by which the page logs in and out.
import type { Accounts } from '../../../access/accounts.ts';
import { SESSION_SECONDS } from '../../../access/sessions.ts';
import { RequestError } from '../../../errors.ts';
import type { Answers, Browser, Caller } from '../../calls/call.ts';
import type { sessionCalls } from '../../calls/people/sessions.ts';

/** What these answers need. */
export type SessionParts = { readonly accounts: Pick<Accounts, 'logIn' | 'sessions'> };

/** Answers to the calls of calls/people/sessions.ts. */
export function sessionAnswers({ accounts }: SessionParts): Answers<typeof sessionCalls> {
  const { sessions } = accounts;
  return {
    'sessions.logIn': async ({ user, password }, caller) => {
      const browser = browserOf(caller);
      browser.refuseForeignPages();
      const known = await accounts.logIn(user, password, caller.from);
      // Whatever secret the browser had, it may be one that somebody else gave to it.
      if (browser.secret !== undefined) await sessions.end(browser.secret);
      const { secret, expires } = await sessions.begin(known.user);
      browser.keep(secret, SESSION_SECONDS);
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
