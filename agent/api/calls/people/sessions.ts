// Calls by which the page logs in and out, by a password or by an OpenID provider. Its browser keeps a cookie that no script can read.
import { z } from 'zod';
import { type CallTable, ROLES } from '../call.ts';

const signedIn = z.object({
  user: z.string(),
  role: z.enum(ROLES),
  expires: z.number().describe('microseconds since 1970, UTC'),
});

/** Rows of the table of calls. */
export const sessionCalls = {
  'sessions.logIn': {
    method: 'POST',
    path: '/api/v1/session',
    role: 'viewer',
    isOpen: true,
    help: 'Begins a session of a browser for who says a password; for pages of this server alone, with header `x-walt-page: 1`. Programs take a token.',
    body: z.strictObject({ user: z.string().max(64), password: z.string().max(1024) }),
    reply: signedIn,
  },
  'sessions.ways': {
    method: 'GET',
    path: '/api/v1/session/ways',
    role: 'viewer',
    isOpen: true,
    help: 'How somebody may log in to the page beside by a password.',
    reply: z.object({
      openId: z
        .string()
        .nullable()
        .describe('what the OpenID provider is called; null where there is none'),
    }),
  },
  'sessions.beginOpenId': {
    method: 'POST',
    path: '/api/v1/session/openid',
    role: 'viewer',
    isOpen: true,
    help: 'Begins a sign-in by the OpenID provider of the configuration; for pages of this server alone. The browser gets a cookie, and goes to `url`.',
    body: z.strictObject({}),
    reply: z.object({ url: z.string().describe('page of the provider') }),
  },
  'sessions.endOpenId': {
    method: 'POST',
    path: '/api/v1/session/openid/end',
    role: 'viewer',
    isOpen: true,
    help: 'Begins a session of a browser for whom the provider names, in the browser in which the sign-in began. It counts once.',
    body: z.strictObject({
      answer: z
        .string()
        .max(8192)
        .describe(
          'what stands behind the `?` of the address that the provider sent the browser to',
        ),
    }),
    reply: signedIn.extend({
      provider: z.string().describe('URL of the provider'),
      isNew: z.boolean().describe('they were no user before'),
    }),
  },
  'sessions.logOut': {
    method: 'POST',
    path: '/api/v1/session/end',
    role: 'viewer',
    needsUser: true,
    help: 'Ends the session of the browser that asks, if it has one.',
    body: z.strictObject({}),
    reply: z.object({}),
  },
} as const satisfies CallTable;
