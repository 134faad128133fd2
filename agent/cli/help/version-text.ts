// `walt --version`: of the command, and of the server where one answers.
import { version } from '../../version.ts';
import type { Client } from '../client.ts';
import { NoServerError } from '../no-server-error.ts';

/**
 * Two lines, or JSON with the keys `walt` and `walt-server`. A server that does not answer is no failure: it is shown as such,
 * as null in JSON.
 */
export async function versionText(
  client: Client,
  { asJson }: { readonly asJson: boolean },
): Promise<string> {
  const server = await serverVersion(client);
  if (asJson) return JSON.stringify({ walt: version, 'walt-server': server ?? null }, null, 2);
  return `walt ${version}\nwalt-server ${server ?? 'does not answer'}`;
}

async function serverVersion(client: Client): Promise<string | undefined> {
  try {
    return (await client.call('server.version')).version;
  } catch (thrown) {
    if (thrown instanceof NoServerError) return undefined;
    throw thrown;
  }
}
