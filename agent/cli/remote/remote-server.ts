// A server on another machine: its address, who we are there, and by which authority it is known.
import { X509Certificate } from 'node:crypto';
import { CommandError } from '../command-line/command-error.ts';

/** A server that is reached by HTTPS. */
export type RemoteServer = {
  /** as https://walt.example:8443, without a slash at its end */
  readonly url: string;
  readonly token: string;
  /** PEM of the authority that it was known by when somebody logged in; without it one that this machine trusts */
  readonly ca?: string | undefined;
};

/** As the file of `walt login` has it. */
export type Login = RemoteServer & { readonly user: string };

/**
 * @param text as typed
 * @throws {CommandError} if it is no address of a server
 */
export function serverUrl(text: string, where: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isPlain =
    url?.protocol === 'https:' && url.username === '' && url.pathname === '/' && url.search === '';
  if (url !== undefined && isPlain) return url.origin;
  throw new CommandError(
    `Cannot use ${where} '${text}': expected https:// with a host and, where needed, a port, as https://192.0.2.1:8443`,
  );
}

/** The file's text: YAML of one level. */
export function loginText({ url, user, token, ca }: Login): string {
  const authority =
    ca === undefined ? [] : [`authority: ${new X509Certificate(ca).raw.toString('base64')}`];
  return [
    '# Written by walt login. Whoever has the token may do what you may.',
    `server: ${url}`,
    `user: ${user}`,
    `token: ${token}`,
    ...authority,
    '',
  ].join('\n');
}

/** @throws {CommandError} if the file is damaged */
export function parseLogin(text: string, file: string): Login {
  const fields = new Map(
    [...text.matchAll(/^(\w+): *"?([^"\n]*?)"? *$/gm)].map(([, key = '', value = '']) => [
      key,
      value,
    ]),
  );
  const [url, user, token] = ['server', 'user', 'token'].map((key) => fields.get(key) ?? '');
  const authority = fields.get('authority');
  if (!url || !user || !token) {
    throw new CommandError(
      `${file} is damaged: expected server, user and token. walt login writes it anew.`,
    );
  }
  try {
    const ca =
      authority === undefined
        ? undefined
        : new X509Certificate(Buffer.from(authority, 'base64')).toString();
    return { url: serverUrl(url, 'the server'), user, token, ...(ca === undefined ? {} : { ca }) };
  } catch (cause) {
    throw new CommandError(`${file} is damaged: walt login writes it anew.`, { cause });
  }
}
