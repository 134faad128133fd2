// rpcbind, which existing images ask for the port of NFSv3's mount service, and without which ganesha does not start.
import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { WaltError } from '../../../errors.ts';
import { tcpTable } from '../../tcp-table.ts';
import { boundPortmapper } from './bound-portmapper.ts';
import { Daemon } from './daemon.ts';
import { RPCBIND_RESTRICTIONS } from './restrictions.ts';

/** Of TCP and UDP. */
export const PORT = 111;
const SOCKET = '/run/rpcbind.sock';

/**
 * RPC programs register through a socket in /run, which all network namespaces share. So our rpcbind lives in a
 * mount namespace with a /run of its own; later mounts elsewhere still reach it (`slave`).
 */
const OWN_RUN = [
  ...['unshare', '--mount', '--propagation', 'slave'],
  ...['sh', '-c', 'mount -t tmpfs -o mode=755,nosuid,nodev tmpfs /run && exec "$@"', 'sh'],
];

/** The rpcbind of one network namespace. */
export class Portmapper {
  readonly #address: string;
  readonly #daemon: Daemon;

  constructor({ address, folder }: { readonly address: string; readonly folder: string }) {
    this.#address = address;
    this.#daemon = new Daemon({
      argv: ['rpcbind', '-f', '-h', address],
      pidFile: join(folder, 'rpcbind.pid'),
      messagesFile: join(folder, 'messages'),
      restrictions: RPCBIND_RESTRICTIONS,
    });
  }

  /** Whether there is one to register with: ours, or the machine's own. */
  async isRunning(): Promise<boolean> {
    return (await this.#daemon.pid()) !== undefined || (await somebodyListens());
  }

  /** @throws {WaltError} with rpcbind's own words, if it does not open its port within 30 s */
  async start(): Promise<void> {
    if ((await this.#daemon.pid()) !== undefined) return;
    await this.#daemon.stop();
    if (await somebodyListens()) return;
    await this.#daemon.start([...OWN_RUN, ...boundPortmapper(this.#address, PORT)]);
    for (let tries = 0; tries < 600; tries += 1) {
      const pid = await this.#daemon.pid();
      if (pid === undefined) break;
      if (await isReady(pid)) return;
      await sleep(50);
    }
    throw new WaltError(
      `Cannot start rpcbind: it did not open port ${PORT} within 30 s. It said: ${await this.#daemon.lastWords()}`,
    );
  }

  /** Ours, if it runs. */
  pid(): Promise<number | undefined> {
    return this.#daemon.pid();
  }

  /** The command that runs another one where this portmapper can be reached. */
  async prefix(): Promise<string[]> {
    const pid = await this.#daemon.pid();
    return pid === undefined ? [] : ['nsenter', `--target=${pid}`, '--mount'];
  }

  /** Ends ours; the machine's own is left alone. */
  stop(): Promise<void> {
    return this.#daemon.stop();
  }

  /** As `stop`, for one that hangs. */
  kill(): Promise<void> {
    return this.#daemon.stop(['SIGKILL']);
  }
}

async function isReady(pid: number): Promise<boolean> {
  const hasSocket = await access(`/proc/${pid}/root${SOCKET}`).then(
    () => true,
    () => false,
  );
  return hasSocket && (await somebodyListens());
}

async function somebodyListens(): Promise<boolean> {
  const table = tcpTable(await readFile('/proc/net/tcp', 'utf8'));
  return table.some(({ localPort, state }) => localPort === PORT && state === 'listening');
}
