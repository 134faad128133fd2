/** What this process still holds: for tests that everything is freed. */
import dgram from 'node:dgram';
import { readdir, readlink } from 'node:fs/promises';

/** How many descriptors of this process are open on the file at `path`. */
export async function openDescriptors(path: string): Promise<number> {
  const names = await readdir('/proc/self/fd');
  // The listing's own descriptor is gone by now, as may be others: those count for nothing.
  const links = await Promise.allSettled(names.map((name) => readlink(`/proc/self/fd/${name}`)));
  return links.filter((link) => link.status === 'fulfilled' && link.value === path).length;
}

/** Whether nobody is bound to this UDP port of loopback. */
export async function isPortFree(port: number): Promise<boolean> {
  const socket = dgram.createSocket('udp4');
  socket.bind(port, '127.0.0.1');
  const free = await new Promise<boolean>((resolve) => {
    socket.once('listening', () => resolve(true));
    socket.once('error', () => resolve(false));
  });
  socket.close();
  return free;
}
