// The list of images that a registry has (OCI distribution API of Docker's registry, `/v2/_catalog`).
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { join } from 'node:path';
import { WaltError } from '../../errors.ts';
import { readIfThere } from '../content/files/read-if-there.ts';
import { type RemoteRegistry, registryArgs } from './registry-access.ts';

const PATIENCE_MS = 10_000;
/** Docker's registry gives no more at once. */
const PAGE = 1000;
const MOST_PAGES = 100;
/** No list for programs without an account. */
const HUB = 'docker.io';

/**
 * Names of repositories, `owner/name`.
 * @param options.work folder of the caller's own, for credentials
 * @param options.page names that are asked for at once
 * @throws {WaltError} if the registry does not give its list
 */
export async function listRepositories(
  registry: RemoteRegistry,
  { work, page = PAGE }: { readonly work: string; readonly page?: number },
): Promise<string[]> {
  const [host = '', ...path] = registry.address.split('/');
  if (host === HUB) {
    throw new WaltError(
      'it gives no list of images to programs. Look on hub.docker.com, and clone by name',
    );
  }
  const access = await accessTo(host, { registry, work });
  const base = `${registry.http ? 'http' : 'https'}://${host}`;
  const names: string[] = [];
  let next: string | undefined = `${base}/v2/_catalog?n=${page}`;
  for (let pages = 0; next !== undefined && pages < MOST_PAGES; pages += 1) {
    const { text, link } = await ask(next, access);
    names.push(...((JSON.parse(text) as { repositories?: string[] | null }).repositories ?? []));
    next = nextPage(link, base);
  }
  const prefix = path.length === 0 ? '' : `${path.join('/')}/`;
  return names.filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length));
}

type Access = { readonly credentials?: string; readonly ca?: string };

async function accessTo(
  host: string,
  { registry, work }: { readonly registry: RemoteRegistry; readonly work: string },
): Promise<Access> {
  await registryArgs(registry, { side: '', work });
  const auth = await readIfThere(join(work, 'auth.json'));
  const { auths = {} } = JSON.parse(auth ?? '{}') as { auths?: Record<string, { auth?: string }> };
  const credentials = auths[host]?.auth;
  const ca = await readIfThere(join(work, 'certificates', 'ca.crt'));
  return {
    ...(credentials === undefined ? {} : { credentials }),
    ...(ca === undefined ? {} : { ca }),
  };
}

/** `</v2/_catalog?last=x&n=1000>; rel="next"`, of the same registry (RFC 8288). */
function nextPage(link: string | undefined, base: string): string | undefined {
  const path = /^<([^>]*)>\s*;.*\brel="?next"?/.exec(link ?? '')?.[1];
  if (path === undefined) return undefined;
  const url = new URL(path, base);
  return url.origin === new URL(base).origin ? url.href : undefined;
}

function ask(
  url: string,
  { credentials, ca }: Access,
): Promise<{ readonly text: string; readonly link: string | undefined }> {
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
        const { link } = response.headers;
        if (response.statusCode === 200) return resolve({ text, link: [link].flat()[0] });
        reject(new WaltError(`it does not list its images (HTTP status ${response.statusCode})`));
      });
    });
    asking.once('error', reject);
    asking.end();
  });
}
