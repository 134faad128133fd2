// The bundled server inside the platform's namespace, from its configuration to its first answer.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { stringify } from 'yaml';
import { freePort, isFreeForTcp } from '../../network/free-port.ts';
import { BRIDGE } from '../../network/namespace.ts';
import { stopCommand } from '../commands.ts';
import type { PlatformOptions } from '../options.ts';
import type { PlatformPaths } from '../paths.ts';
import { PlatformError } from '../platform-error.ts';
import type { Page } from '../what-next.ts';

const PAGE_PORT = 8443;
const LOOK_MS = 50;
const LOOKS = { socket: 1200, page: 600 } as const;

/** Writes the configuration. */
export async function writeConfig(
  paths: PlatformPaths,
  { namespace, address }: Pick<PlatformOptions, 'namespace' | 'address'>,
): Promise<void> {
  // The same one each time, so that browsers and logins find it again, unless another program has it.
  const port = (await isFreeForTcp(PAGE_PORT)) ? PAGE_PORT : await freePort();
  const config = {
    state: paths.serverState,
    network: { interface: BRIDGE, address, namespace },
    api: { socket: paths.socket, listen: [`127.0.0.1:${port}`] },
    images: { registries: [{ name: 'built', folder: dirname(paths.image) }] },
  };
  await writeFile(paths.config, stringify(config));
}

/** Starts the server, which goes into the network of the platform by itself; its output goes to the log file. */
export async function startServer(paths: PlatformPaths): Promise<ChildProcess> {
  const [program = '', ...args] = [
    // What it mounts is gone with it.
    ...['unshare', '--mount', '--propagation', 'slave'],
    // Killed by force, this program cannot end the server: the kernel then does.
    ...['setpriv', '--pdeathsig', 'TERM'],
    ...[paths.node, paths.server, '--config', paths.config],
  ];
  const log = await open(paths.serverLog, 'w', 0o600);
  const child = spawn(program, args, {
    detached: true,
    // As its unit has it: what was compiled is kept for the next start.
    env: {
      ...process.env,
      NODE_COMPILE_CACHE: paths.compiled,
      // A second server on its state says how this one is ended.
      WALT_STOP_COMMAND: stopCommand(paths),
    },
    stdio: ['ignore', log.fd, log.fd],
  });
  await once(child, 'spawn').finally(() => log.close());
  return child;
}

/** Returns once the server answers on its socket; throws with its last words when it ends before. */
export async function waitForServer(
  server: ChildProcess,
  paths: PlatformPaths,
  signal: AbortSignal,
): Promise<void> {
  for (let tries = 0; tries < LOOKS.socket; tries += 1) {
    if (await answers(paths.socket)) return;
    if (server.exitCode !== null || server.signalCode !== null) break;
    await sleep(LOOK_MS, undefined, { signal });
  }
  const log = await readFile(paths.serverLog, 'utf8');
  throw new PlatformError(`The server does not answer. It said:\n${log.slice(-3000).trim()}`, {
    remedy: `All it said is in ${paths.serverLog}`,
  });
}

/** Where the page of the server is, and by what it is known. The server says it a moment after its socket answers. */
export async function pageOf(paths: PlatformPaths, signal: AbortSignal): Promise<Page> {
  for (let tries = 0; tries < LOOKS.page; tries += 1) {
    const log = await readFile(paths.serverLog, 'utf8');
    const [, url, fingerprint] = /API on (https:\S+), fingerprint (\S+)/.exec(log) ?? [];
    if (url !== undefined && fingerprint !== undefined) return { url, fingerprint };
    await sleep(LOOK_MS, undefined, { signal });
  }
  throw new PlatformError('The server does not say where its page is', {
    remedy: `All it said is in ${paths.serverLog}`,
  });
}

/** Any answer will do, be it that there is no such page. */
function answers(socketPath: string): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  request({ socketPath, path: '/' }, (response) => {
    response.resume();
    resolve(true);
  })
    .on('error', () => resolve(false))
    .end();
  return promise;
}
