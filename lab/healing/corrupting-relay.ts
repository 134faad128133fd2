/** Stands between a TFTP client and the server, and changes block numbers from the second block on. */
import dgram, { type Socket } from 'node:dgram';
import { once } from 'node:events';
import { numericAddress } from '../../agent/net/numeric-address.ts';

const DATA = 3;
const ACK = 4;
const LOOPBACK = '127.0.0.1';

/** Where the client asks. */
export type CorruptingRelay = { readonly port: number; close(): void };

/** @param from the address of the board: to the server, the relay is the board */
export async function openCorruptingRelay(server: string, from: string): Promise<CorruptingRelay> {
  const toClient = await open(LOOPBACK);
  const toServer = await open(from);
  let client = 0;
  let transfer = 69;
  toClient.on('message', (bytes, { port }) => {
    client = port;
    toServer.send(corrupted(bytes), transfer, server);
  });
  toServer.on('message', (bytes, { port }) => {
    transfer = port;
    toClient.send(corrupted(bytes), client, LOOPBACK);
  });
  return {
    port: toClient.address().port,
    close: () => {
      toClient.close();
      toServer.close();
    },
  };
}

function corrupted(bytes: Buffer): Buffer {
  const kind = bytes.readUInt16BE(0);
  const block = bytes.readUInt16BE(2);
  if ((kind !== DATA && kind !== ACK) || block < 2) return bytes;
  const other = Buffer.from(bytes);
  other.writeUInt16BE((block + 0x1234) & 0xffff, 2);
  return other;
}

async function open(address: string): Promise<Socket> {
  const socket = dgram.createSocket({ type: 'udp4', lookup: numericAddress });
  socket.on('error', () => undefined);
  const listening = once(socket, 'listening');
  socket.bind(0, address);
  await listening;
  return socket;
}
