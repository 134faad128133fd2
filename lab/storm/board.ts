// One board from power-on to booted, as cheap as it can be: what its boot loader, its kernel and its node side ask the server for.
import { once } from 'node:events';
import { createConnection } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { decodeMountReply, encodeMountCall } from '../../agent/nfs/ganesha/asking/mount-call.ts';
import { MOUNT_PORT } from '../../agent/nfs/ganesha/configuration/config.ts';
import type { DhcpClients } from '../clients/dhcp-clients.ts';
import { type HttpWish, readHttp } from '../clients/http-reader.ts';
import { readTftp } from '../clients/tftp-reader.ts';

/** As iPXE and the kernel's client wait before they try again. */
const AGAIN_MS = 1000;
/** As walt-init of a node does. */
const ALIVE_MS = 20_000;
const ANSWER_MS = 15_000;
const BOOTUP_PORT = 12_347;
const FILES = ['kernel', 'initrd'];

/** Seconds from power-on until each step was done. */
export type Boot = Readonly<Record<(typeof STEPS)[number], number>>;

/** What a board has behind it, in its order. */
export const STEPS = ['address', 'script', 'files', 'mounted', 'told'] as const;

/** A board that is up. */
export type UpBoard = {
  readonly boot: Boot;
  /** Its connection is lost: the server takes it for down, until it makes another one a second later. */
  readonly lose: () => void;
};

/** Boots one board that nobody has seen before. It stays connected. @returns when it had each step behind it */
export async function boot(clients: DhcpClients, server: string): Promise<UpBoard> {
  const begun = performance.now();
  const now = () => (performance.now() - begun) / 1000;
  const { ip } = await clients.leaseToNew();
  const address = now();
  await again(() => isScript(server, ip));
  const script = now();
  for (const name of FILES)
    await again(() => isFetched({ server, path: `/boot/${name}`, from: ip }));
  const files = now();
  await again(() => isMounted(server, ip));
  const mounted = now();
  const told: Told = { lose: () => undefined };
  await again(() => isTold(server, ip, told));
  const boot = { address, script, files, mounted, told: now() };
  return { boot, lose: () => told.lose() };
}

/** Until it succeeds: a board has nothing else to do. */
async function again(step: () => Promise<boolean>): Promise<void> {
  while (!(await step().catch(() => false))) await sleep(AGAIN_MS);
}

/** A board whose image is not ready gets a script without a kernel, and asks again. */
async function isScript(server: string, from: string): Promise<boolean> {
  const options = { blksize: 1432, tsize: 0 };
  const text = await readTftp({ server, from, file: 'start.ipxe', options });
  return /^kernel/m.test(text.toString());
}

async function isFetched(wish: HttpWish): Promise<boolean> {
  return (await readHttp(wish)) > 0;
}

/** By NFSv3: `mount` as the initrd asks for it. */
async function isMounted(host: string, localAddress: string): Promise<boolean> {
  const socket = createConnection({ host, port: MOUNT_PORT, localAddress });
  try {
    await once(socket, 'connect');
    socket.write(encodeMountCall(1, `/var/lib/walt/nodes/${localAddress}/fs`));
    const [bytes] = (await once(socket, 'data')) as [Buffer];
    return decodeMountReply(bytes) === true;
  } finally {
    socket.destroy();
  }
}

/** The connection that is there now. */
type Told = { lose: () => void };

/**
 * The connection says that the node is up for as long as it lasts, and that somebody is there: one that is lost is made again, and one that
 * is not answered in time is given up (`buildroot-overlay/bin/walt-connection`).
 */
async function isTold(host: string, localAddress: string, told: Told): Promise<boolean> {
  const socket = createConnection({ host, port: BOOTUP_PORT, localAddress });
  socket.on('error', () => socket.destroy());
  socket.once('end', () => socket.destroy(new Error('the server hung up')));
  socket.setTimeout(ANSWER_MS, () => socket.destroy(new Error('the server does not answer')));
  await once(socket, 'connect');
  socket.write('REQ_NOTIFY_BOOTUP_STATUS\n');
  await once(socket, 'data');
  socket.setTimeout(0);
  told.lose = () => socket.destroy();
  const alive = setInterval(() => socket.write('\n'), ALIVE_MS);
  socket.resume().once('close', () => {
    clearInterval(alive);
    void sleep(AGAIN_MS).then(() => again(() => isTold(host, localAddress, told)));
  });
  return true;
}
