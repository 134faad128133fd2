// Who this server is for a registry: `user:password` in the first line of a file, or an auth.json as `skopeo login` and
// `docker login` write it (containers-auth.json(5)).
import { readFile } from 'node:fs/promises';
import { ConfigError, messageOf } from '../../../errors.ts';
import type { RemoteRegistry } from './remote-registry.ts';

type AuthFile = { readonly auths?: Readonly<Record<string, { readonly auth?: string }>> };

/** As programs of Docker name its registry. */
const HUB_NAMES = ['docker.io', 'index.docker.io', 'registry-1.docker.io'];

/**
 * Text of an auth.json with the credentials of a registry and its mirrors.
 * @throws {ConfigError} if the file cannot be used
 */
export async function authFile(registry: RemoteRegistry, file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw unusable(registry, { file, cause });
  });
  if (text.trimStart().startsWith('{')) return text;
  const [line = ''] = text.split('\n', 1);
  if (!/^[^:\s]+:./.test(line)) {
    throw unusable(registry, { file, cause: 'expected user:password in its first line' });
  }
  const auth = Buffer.from(line.trim()).toString('base64');
  const hosts = [registry.address, ...registry.mirrors].map((address) => address.split('/')[0]);
  return JSON.stringify({ auths: Object.fromEntries(hosts.map((host) => [host, { auth }])) });
}

/**
 * Value of a header `Authorization: Basic`, without the word; undefined where there are no credentials for the address.
 * @param address `host`, `host:port` or `host/path`
 * @throws {ConfigError} if the file of the registry cannot be used
 */
export async function credentialsFor(
  address: string,
  registry: RemoteRegistry,
): Promise<string | undefined> {
  const { credentials: file } = registry;
  if (file === undefined) return undefined;
  const { auths = {} } = parsed(await authFile(registry, file), { file, registry });
  const byPlace = new Map(Object.entries(auths).map(([key, { auth }]) => [placeOf(key), auth]));
  for (const place of placesOf(address)) {
    const auth = byPlace.get(place);
    if (auth !== undefined && /^[A-Za-z0-9+/=_-]+$/.test(auth)) return auth;
  }
  return undefined;
}

function parsed(
  text: string,
  { file, registry }: { readonly file: string; readonly registry: RemoteRegistry },
): AuthFile {
  try {
    return JSON.parse(text) as AuthFile;
  } catch {
    // The error of the parser would show a part of the file.
    throw unusable(registry, { file, cause: 'it is no JSON' });
  }
}

/** `https://index.docker.io/v1/`, an old form, means the host. */
function placeOf(key: string): string {
  const plain = key.replace(/^https?:\/\//, '').replace(/\/(v[12]\/?)?$/, '');
  return HUB_NAMES.includes(plain) ? 'docker.io' : plain;
}

/** `host/a/b`, then `host/a`, then `host`. */
function placesOf(address: string): string[] {
  const parts = address.split('/');
  return parts.map((_, index) => placeOf(parts.slice(0, parts.length - index).join('/')));
}

/** A file of the configuration that is not as it should be. */
export function unusable(
  { name }: RemoteRegistry,
  { file, cause }: { readonly file: string; readonly cause: unknown },
): ConfigError {
  return new ConfigError(`Cannot use ${file} for registry ${name}: ${messageOf(cause)}`);
}
