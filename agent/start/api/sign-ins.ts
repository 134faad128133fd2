// Sign-ins to the page by the OpenID provider of the configuration.
import { readFile } from 'node:fs/promises';
import type { Accounts } from '../../access/accounts.ts';
import { SignIns } from '../../access/openid/sign-ins.ts';
import type { Config } from '../../config/config.ts';
import { messageOf, WaltError } from '../../errors.ts';
import { FREE_OWNER } from '../../images/content/image.ts';

/** Owner of the images of all, and the user who is no user on the server's socket. */
const RESERVED = [FREE_OWNER, 'root'];

/**
 * @returns undefined where the configuration has no provider
 * @throws {WaltError} if a file of `api.oidc` cannot be read
 */
export async function signInsOf(
  { api: { oidc } }: Config,
  { accounts }: { readonly accounts: Accounts },
): Promise<SignIns | undefined> {
  if (oidc === undefined) return undefined;
  const { issuer, clientId, scopes, name } = oidc;
  const clientSecret = await textOf('clientSecretFile', oidc.clientSecretFile);
  const ca = await textOf('ca', oidc.ca);
  const redirectUri = new URL('/sign-in', oidc.url).href;
  const now = () => performance.now();
  return new SignIns({
    ...{ accounts, name, now, rules: { ...oidc, reserved: RESERVED } },
    // Few servers have a provider, and nobody waits for it before somebody signs in.
    load: async () => {
      const { Provider } = await import('../../access/openid/provider.ts');
      return new Provider({ issuer, clientId, clientSecret, scopes, redirectUri, ca, now });
    },
  });
}

async function textOf(key: string, path: string | undefined): Promise<string | undefined> {
  if (path === undefined) return undefined;
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new WaltError(`Cannot read ${path} of api.oidc.${key}: ${messageOf(cause)}`, { cause });
  });
  if (text.trim() !== '') return text.trim();
  throw new WaltError(`Cannot use ${path} of api.oidc.${key}: it is empty`);
}
