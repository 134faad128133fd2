// Who signs in to the page by an OpenID provider, and what they may then.
import { z } from 'zod';

const groups = z.array(z.string().min(1)).default([]);

/** Without a role for anybody, everybody would be refused. */
function givesRoles(oidc: {
  readonly roles: Readonly<Record<string, readonly string[]>>;
  readonly defaultRole?: string | undefined;
}): boolean {
  return oidc.defaultRole !== undefined || Object.values(oidc.roles).some((one) => one.length > 0);
}

/** Keys of `api.oidc`. */
export const openId = z
  .strictObject({
    issuer: z
      .string()
      .refine(isPlainHttps, 'expected https://… without `?` and `#`')
      .describe('URL of the provider, as it says itself in `issuer`.'),
    clientId: z.string().min(1).describe('What the provider calls this server.'),
    clientSecretFile: z
      .string()
      .startsWith('/', 'expected an absolute path')
      .optional()
      .describe(
        'File with the secret that the provider gave for `clientId`, for root alone. Without it the server proves itself by PKCE alone.',
      ),
    url: z
      .string()
      .refine(isOrigin, 'expected the address of the page alone, as https://walt.example:8443')
      .describe(
        'Address of the page as people type it. The provider has to send people back to this with `/sign-in` behind it.',
      ),
    name: z
      .string()
      .min(1)
      .max(40)
      .default('OpenID')
      .describe('What the button of the page says: Sign in with this.'),
    scopes: z
      .array(z.string().regex(/^[\x21\x23-\x5B\x5D-\x7E]+$/, 'expected a word'))
      .default(['openid', 'profile'])
      .describe('What the provider is asked for; `openid` has to be there.'),
    userClaim: z
      .string()
      .min(1)
      .default('preferred_username')
      .describe('What the provider says that becomes the name of a new user, in small letters.'),
    rolesClaim: z
      .string()
      .min(1)
      .default('groups')
      .describe(
        'What the provider says that `roles` are found by: a word or a list. A dot stands for a level, as in `realm_access.roles`.',
      ),
    roles: z
      .strictObject({
        viewer: groups.describe('Words of `rolesClaim` that make somebody `viewer`.'),
        user: groups.describe('The same for `user`.'),
        operator: groups.describe('The same for `operator`.'),
        admin: groups.describe('The same for `admin`. Of several roles the most powerful counts.'),
      })
      .prefault({}),
    defaultRole: z
      .enum(['viewer', 'user', 'operator'])
      .optional()
      .describe('Role of whom `roles` gives none. Without it they are refused.'),
    ca: z
      .string()
      .startsWith('/', 'expected an absolute path')
      .optional()
      .describe(
        'Certificates (PEM) of the authority of the provider, if it is none of the usual ones.',
      ),
  })
  .refine(({ scopes }) => scopes.includes('openid'), {
    path: ['scopes'],
    message: 'expected `openid` among them',
  })
  .refine(givesRoles, {
    path: ['roles'],
    message: 'nobody would have a role: name groups in `roles`, or a `defaultRole`',
  });

function isPlainHttps(text: string): boolean {
  const url = URL.parse(text);
  return (
    url?.protocol === 'https:' && !/[?#]/.test(text) && url.username === '' && url.password === ''
  );
}

function isOrigin(text: string): boolean {
  return isPlainHttps(text) && URL.parse(text)?.origin === text.replace(/\/$/, '').toLowerCase();
}
