// Asks walt-net for an address, as a new machine does, and takes none: the address is offered to others again, and no device
// comes of it. Some servers look for three seconds whether an address is free.
import { randomInt } from 'node:crypto';
import dgram from 'node:dgram';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { serverSearch } from '../../boot/dhcp/server-search.ts';
import { numericAddress } from '../../net/numeric-address.ts';
import { decodeDhcp } from '../../protocol/dhcp/decode.ts';
import { encodeDhcp } from '../../protocol/dhcp/encode.ts';

/** The servers that offered an address, by their own. */
export type Offers =
  | { readonly kind: 'asked'; readonly servers: ReadonlyMap<string, string> }
  /** the clients' port is another program's */
  | { readonly kind: 'busy' };

const CLIENT_PORT = 68;
const SERVER_PORT = 67;
const TIMES = 4;
const PAUSE_MS = 1000;

/** @returns what each server offered. It takes 4 s */
export async function dhcpOffers({
  mac,
  broadcast,
}: {
  readonly mac: string;
  readonly broadcast: string;
}): Promise<Offers> {
  const socket = dgram.createSocket({ type: 'udp4', reuseAddr: true, lookup: numericAddress });
  const xid = randomInt(2 ** 32);
  const servers = new Map<string, string>();
  socket.on('message', (bytes, { address }) => {
    const offer = readOffer(bytes, xid);
    if (offer !== undefined) servers.set(offer.server ?? address, offer.ip);
  });
  try {
    const listening = once(socket, 'listening');
    socket.bind(CLIENT_PORT);
    await listening;
    socket.setBroadcast(true);
    const bytes = encodeDhcp(serverSearch(mac, xid).packet);
    for (let times = 0; times < TIMES; times += 1) {
      socket.send(bytes, SERVER_PORT, broadcast);
      await sleep(PAUSE_MS);
    }
    return { kind: 'asked', servers };
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'EADDRINUSE') return { kind: 'busy' };
    throw thrown;
  } finally {
    socket.close();
  }
}

/** What others send to the port is none of an offer. */
function readOffer(bytes: Uint8Array, xid: number) {
  try {
    const packet = decodeDhcp(bytes);
    if (packet.xid !== xid || packet.options.messageType !== 'offer') return undefined;
    return { server: packet.options.serverIdentifier, ip: packet.yiaddr };
  } catch {
    return undefined;
  }
}
