// How skopeo is told to speak to a registry: credentials and certificates go through files that root alone can
// read, so that neither the list of processes nor a log ever has them.
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigError, messageOf } from '../../errors.ts';

/** A registry of the configuration that is no folder; `credentials` and `ca` are paths of files. */
export type RemoteRegistry = {
  readonly name: string;
  /** `host`, `host:port` or `host/path` */
  readonly address: string;
  readonly credentials?: string | undefined;
  readonly ca?: string | undefined;
  readonly http: boolean;
  readonly mirrors: readonly string[];
};

/** A prefix for skopeo's options: none for `inspect`, the side of a `copy` otherwise. */
export type Side = '' | 'src-' | 'dest-';

/**
 * Options that give skopeo access to a registry.
 * @param work folder of the caller's own, removed afterwards
 * @throws {ConfigError} if a file of the configuration cannot be used
 */
export async function registryArgs(
  registry: RemoteRegistry,
  { side, work }: { readonly side: Side; readonly work: string },
): Promise<string[]> {
  const { credentials, ca, http } = registry;
  const args: string[] = [];
  if (credentials !== undefined) {
    const file = join(work, 'auth.json');
    await writeFile(file, await authFile(registry, credentials), { mode: 0o600 });
    args.push(`--${side}authfile`, file);
  }
  if (ca !== undefined) {
    const folder = join(work, 'certificates');
    await mkdir(folder, { recursive: true });
    await copyFile(ca, join(folder, 'ca.crt')).catch((cause: unknown) => {
      throw unusable(registry, { file: ca, cause });
    });
    args.push(`--${side}cert-dir`, folder);
  }
  if (http) args.push(`--${side}tls-verify=false`);
  return args;
}

/** As `skopeo login` would write it (containers-auth.json, format). */
async function authFile(registry: RemoteRegistry, file: string): Promise<string> {
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

function unusable(
  { name }: RemoteRegistry,
  { file, cause }: { readonly file: string; readonly cause: unknown },
): ConfigError {
  return new ConfigError(`Cannot use ${file} for registry ${name}: ${messageOf(cause)}`);
}
