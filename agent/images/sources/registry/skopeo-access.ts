// How skopeo is told to speak to a registry: credentials and certificates go through files that root alone can
// read, so that neither the list of processes nor a log ever has them.
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { authFile, unusable } from './credentials.ts';
import type { RemoteRegistry } from './remote-registry.ts';

/**
 * Options that let skopeo send to a registry.
 * @param work folder of the caller's own, removed afterwards
 * @throws {ConfigError} if a file of the configuration cannot be used
 */
export async function registryArgs(
  registry: RemoteRegistry,
  { work }: { readonly work: string },
): Promise<string[]> {
  const { credentials, ca, http } = registry;
  const args: string[] = [];
  if (credentials !== undefined) {
    const file = join(work, 'auth.json');
    await writeFile(file, await authFile(registry, credentials), { mode: 0o600 });
    args.push(`--dest-authfile`, file);
  }
  if (ca !== undefined) {
    const folder = join(work, 'certificates');
    await mkdir(folder, { recursive: true });
    await copyFile(ca, join(folder, 'ca.crt')).catch((cause: unknown) => {
      throw unusable(registry, { file: ca, cause });
    });
    args.push(`--dest-cert-dir`, folder);
  }
  if (http) args.push(`--dest-tls-verify=false`);
  return args;
}
