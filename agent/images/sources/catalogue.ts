// The list of images that a registry has (OCI distribution API of Docker's registry, `/v2/_catalog`).
import { readFile } from 'node:fs/promises';
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { join } from 'node:path';
import { WaltError } from '../../errors.ts';
import { type RemoteRegistry, registryArgs } from './registry-access.ts';

const PATIENCE_MS = 10_000;
const MOST = 1000;
/** No list for programs without an account. */
const HUB = 'docker.io';

/**
 * Names of repositories, `owner/name`.
 * @param work folder of the caller's own, for credentials
 * @throws {WaltError} if the registry does not give its list
 */
export async function listRepositories(registry: RemoteRegistry, work: string): Promise<string[]> {
  const [host = '', ...path] = registry.address.split('/');
  if (host === HUB) {
    throw new WaltError('it has no list of images. Look on hub.docker.com, and clone by name');
  }
  await registryArgs(registry, { side: '', work });
  const auth = await readFile(join(work, 'auth.json'), 'utf8').catch(() => '{}');
  const credentials = (JSON.parse(auth) as { auths?: Record<string, { auth?: string }> }).auths?.[
    host
  ]?.auth;
  const ca = await readFile(join(work, 'certificates', 'ca.crt')).catch(() => undefined);
  const text = await ask({
    url: `${registry.http ? 'http' : 'https'}://${host}/v2/_catalog?n=${MOST}`,
    ...(credentials === undefined ? {} : { credentials }),
    ...(ca === undefined ? {} : { ca }),
  });
  const { repositories = [] } = JSON.parse(text) as { repositories?: string[] };
  const prefix = path.length === 0 ? '' : `${path.join('/')}/`;
  return repositories
    .filter((name) => name.startsWith(prefix))
    .map((name) => name.slice(prefix.length));
}

function ask({
  url,
  credentials,
  ca,
}: {
  url: string;
  credentials?: string;
  ca?: Buffer;
}): Promise<string> {
  const headers = credentials === undefined ? {} : { authorization: `Basic ${credentials}` };
  const request = url.startsWith('https:') ? requestHttps : requestHttp;
  const options = {
    headers,
    signal: AbortSignal.timeout(PATIENCE_MS),
    ...(ca === undefined ? {} : { ca }),
  };
  return new Promise((resolve, reject) => {
    const asking = request(url, options, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      response.once('error', reject);
      response.once('end', () => {
        if (response.statusCode === 200) return resolve(text);
        reject(new WaltError(`it does not list its images (HTTP status ${response.statusCode})`));
      });
    });
    asking.once('error', reject);
    asking.end();
  });
}
