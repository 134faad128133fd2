// Ports for programs that cannot say which one they were given, and for servers that come back to their own.
import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** Linux gives ports from 32768 on to who asks for any (`ip_local_port_range`): one below is taken by nobody by chance. */
const [FROM, TO] = [10_000, 32_000] as const;
const MOST_TRIES = 50;

/** A port that is free for TCP and UDP on all addresses. @throws {Error} where 50 tries found none */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const port = randomInt(FROM, TO);
    if ((await isFreeForTcp(port)) && (await isFreeForUdp(port))) return port;
  }
  throw new Error(`No free port from ${FROM} to ${TO} in ${MOST_TRIES} tries`);
}

/** Whether nobody listens there. */
export async function isFreeForTcp(port: number): Promise<boolean> {
  const server = createServer().listen(port);
  try {
    await once(server, 'listening');
  } catch {
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
}

async function isFreeForUdp(port: number): Promise<boolean> {
  const socket = createSocket('udp4').bind(port);
  try {
    await once(socket, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    socket.close();
  }
}
