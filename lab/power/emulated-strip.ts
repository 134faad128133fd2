// A power strip that exists as an SNMP agent alone, net-snmp's.
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import snmp from 'net-snmp';
import { objectTree } from '../switches/object-tree.ts';
import { type Strip, stripObjects } from './strip-objects.ts';

/** A running strip. */
export type EmulatedStrip = Disposable & {
  /** where it listens, as `127.0.0.1:4711` */
  readonly address: string;
};

/** Plugs it in, on loopback. */
export async function emulateStrip(strip: Strip, community: string): Promise<EmulatedStrip> {
  const socket = createSocket('udp4');
  const bind = socket.bind.bind(socket);
  socket.bind = (() => bind(0, '127.0.0.1')) as typeof socket.bind;
  const send = socket.send.bind(socket) as (...values: unknown[]) => void;
  let answered = 0;
  socket.send = ((...values: unknown[]) => {
    const isToOrder = strip.orders.length > answered;
    answered = strip.orders.length;
    if (!isToOrder || strip.losesAnswers !== true) send(...values);
  }) as typeof socket.send;
  const agent = snmp.createAgent(
    { port: 161, dgramModule: { createSocket: () => socket } },
    () => undefined,
    objectTree(() => stripObjects(strip)),
  );
  agent.getAuthorizer().addCommunity(community);
  await once(socket, 'listening');
  return {
    address: `127.0.0.1:${socket.address().port}`,
    [Symbol.dispose]: () => agent.close(),
  };
}
