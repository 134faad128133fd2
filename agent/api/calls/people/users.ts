// Calls about who may use the API from other machines.
import { z } from 'zod';
import { type CallTable, ROLES } from '../call.ts';

const role = z.enum(ROLES);
const userName = z
  .string()
  .max(64)
  .regex(
    /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/,
    'expected small letters and digits, with single dots, dashes or underscores between them',
  );
const password = z
  .string()
  .min(12, 'expected 12 characters or more')
  .max(1024)
  .describe('12 characters or more');
const days = z.int().min(1).max(3650);

const user = z.object({
  name: z.string(),
  role,
  hasPassword: z.boolean().describe('else they come by tokens, or by their provider'),
  provider: z
    .string()
    .nullable()
    .describe('URL of the OpenID provider that says who they are; null where this server does'),
  isDisabled: z.boolean().describe('they have no way in, and no token'),
  created: z.int().describe('microseconds since 1970'),
});

/** A user as callers see them. */
export type UserView = z.output<typeof user>;

const token = z.object({
  id: z.string(),
  user: z.string(),
  name: z.string(),
  role: role.describe('the most that it may, whatever its user may'),
  created: z.int().describe('microseconds since 1970'),
  expires: z.int().describe('microseconds since 1970'),
});

/** What callers see of a token. */
export type TokenView = z.output<typeof token>;

const newToken = token.extend({ token: z.string().describe('shown this once') });

/** Rows of the table of calls. */
export const userCalls = {
  'users.logIn': {
    method: 'POST',
    path: '/api/v1/login',
    role: 'viewer',
    isOpen: true,
    help: 'Makes a token for who says a password. It is sent in header `authorization: Bearer …` of other calls.',
    body: z.strictObject({
      user: z.string().max(64),
      password: z.string().max(1024),
      name: z.string().min(1).max(100).default('login').describe('what the token is called'),
      days: days.max(365).default(30).describe('until it expires'),
    }),
    reply: newToken,
  },
  'users.whoAmI': {
    method: 'GET',
    path: '/api/v1/whoami',
    role: 'viewer',
    help: 'For whom the caller acts, and what they may.',
    reply: z.object({
      user: z.string(),
      role,
      hasPassword: z.boolean().describe('they may change it'),
    }),
  },
  'users.list': {
    method: 'GET',
    path: '/api/v1/users',
    role: 'admin',
    help: 'Who may use the API from other machines.',
    reply: z.object({ users: z.array(user) }),
  },
  'users.create': {
    method: 'POST',
    path: '/api/v1/users',
    role: 'admin',
    help: 'Lets somebody use the API from other machines.',
    body: z.strictObject({
      name: userName.describe('images `<name>/…` are theirs'),
      role: role.default('user'),
      password: password.optional(),
    }),
    reply: user,
  },
  'users.change': {
    method: 'POST',
    path: '/api/v1/users/:name/change',
    role: 'admin',
    help: 'Gives a user another role or password, or disables them. With another password all of their tokens and sessions end, and so they do for who is disabled.',
    params: z.strictObject({ name: z.string() }),
    body: z.strictObject({
      role: role.optional(),
      password: password.optional(),
      isDisabled: z.boolean().optional().describe('false lets them in again'),
    }),
    reply: user,
  },
  'users.setPassword': {
    method: 'POST',
    path: '/api/v1/password',
    role: 'viewer',
    needsUser: true,
    help: 'Gives the caller another password. All of their tokens end.',
    body: z.strictObject({ old: z.string().max(1024), password }),
    reply: user,
  },
  'users.remove': {
    method: 'POST',
    path: '/api/v1/users/remove',
    role: 'admin',
    help: 'Lets a user use the API no more. Their images and nodes stay theirs.',
    body: z.strictObject({ name: z.string() }),
    reply: user,
  },
  'tokens.create': {
    method: 'POST',
    path: '/api/v1/tokens',
    role: 'viewer',
    needsUser: true,
    help: 'Makes a token for a program of the caller. Made by a token, it ends with that one at the latest, also where that is revoked.',
    body: z.strictObject({
      name: z.string().min(1).max(100).describe('what it is for'),
      days: days.default(90).describe('until it expires'),
      role: role.optional().describe('the most that it may; all that the caller may, without it'),
    }),
    reply: newToken,
  },
  'tokens.list': {
    method: 'GET',
    path: '/api/v1/tokens',
    role: 'viewer',
    needsUser: true,
    help: 'Tokens of the caller; of all users, if an administrator asks so.',
    query: z.strictObject({
      all: z.stringbool().pipe(z.boolean()).default(false).describe('of all users'),
    }),
    reply: z.object({ tokens: z.array(token) }),
  },
  'tokens.revoke': {
    method: 'POST',
    path: '/api/v1/tokens/revoke',
    role: 'viewer',
    needsUser: true,
    help: 'Ends a token of the caller; of any user, if an administrator asks.',
    body: z.strictObject({ id: z.string() }),
    reply: token,
  },
} as const satisfies CallTable;
