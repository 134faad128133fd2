// How a server whose walt-net is virtual, and leads nowhere, reaches registries and repositories: by a proxy at its own loopback, which
// systemd opens there, and whose program is in the network of the machine (walt-server-outside).
import { rm, writeFile } from 'node:fs/promises';

/** Where the unit of the server looks for variables, and that of the proxy whether there is to be one. */
export const OUTSIDE_FILE = '/run/walt-network/environment';

/** Names its URL: nobody is asked but by it. */
export const OUTSIDE = 'WALT_OUTSIDE';

/** As walt-outside.socket has it. */
const PROXY = 'http://127.0.0.1:3128';

/**
 * Variables of a server in such a network. Programs that it starts (skopeo, git) know HTTP_PROXY and its kind, and Node.js looks at them for
 * `fetch` where it began with NODE_USE_ENV_PROXY.
 * @param address of the server on walt-net: nobody is asked for that
 */
export function outsideVariables(address: string): Record<string, string> {
  const own = ['localhost', '127.0.0.1', address].join(',');
  return {
    ...{ [OUTSIDE]: PROXY, NODE_USE_ENV_PROXY: '1' },
    ...{ HTTP_PROXY: PROXY, HTTPS_PROXY: PROXY, NO_PROXY: own },
    // curl, which git uses, reads the small ones.
    ...{ http_proxy: PROXY, https_proxy: PROXY, no_proxy: own },
  };
}

/**
 * Says in the file how others are reached; there is none where the network of the machine leads to them.
 * @param virtual a walt-net that leads nowhere; undefined for the network of the machine
 */
export async function tellOutside(
  virtual: { readonly address: string } | undefined,
  file: string = OUTSIDE_FILE,
): Promise<void> {
  if (virtual === undefined) return await rm(file, { force: true });
  const lines = Object.entries(outsideVariables(virtual.address)).map(
    ([name, value]) => `${name}=${value}\n`,
  );
  await writeFile(file, lines.join(''), { mode: 0o644 });
}
