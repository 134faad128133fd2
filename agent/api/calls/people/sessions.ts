// Calls by which the page logs in and out. Its browser keeps a cookie that no script can read.
import { z } from 'zod';
import { type CallTable, ROLES } from '../call.ts';

/** Rows of the table of calls. */
export const sessionCalls = {
  'sessions.logIn': {
    method: 'POST',
    path: '/api/v1/session',
    role: 'viewer',
    isOpen: true,
    help: 'Begins a session of a browser for who says a password; for pages of this server alone, with header `x-walt-page: 1`. Programs take a token.',
    body: z.strictObject({ user: z.string().max(64), password: z.string().max(1024) }),
    reply: z.object({
      user: z.string(),
      role: z.enum(ROLES),
      expires: z.number().describe('microseconds since 1970, UTC'),
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
