// Attacks on what keeps NFS for all: connections of loopback, and packets in namespaces of the test's own.

import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ExecutionContext } from 'ava';
import { LIMITS } from '../../../agent/net/limits/table.ts';
import { MOST_CONNECTIONS } from '../../../agent/nfs/ganesha/configuration/config.ts';
import { NfsShares } from '../../../agent/nfs/shares/nfs-shares.ts';
import { plugOffice } from '../network/office.ts';
import { type Attack, dial, hostile, until } from './attack.ts';
import { connects, eventuallyConnects, metOf, openFortress, plugNode, SERVER } from './fortress.ts';

const FULL = 3;
const PACE = { limit: 'nfs-pace', ports: [2049], perSecond: 1, atOnce: 5 } as const;

/** A server that holds all connections, as nfs-ganesha does, and looks at their shares. */
async function serveShares(t: ExecutionContext, limit: string) {
  const met: string[] = [];
  const server = createServer((socket) => socket.on('error', () => socket.destroy()).resume());
  await once(server.listen(0, '127.0.0.1'), 'listening');
  t.teardown(() => server.close());
  const { port } = server.address() as { port: number };
  const shares = new NfsShares({
    address: '127.0.0.1',
    most: new Map([[port, FULL]]),
    onFull: (from, at) => met.push(`${limit} ${from} ${at === port}`),
  });
  return { port, met, shares };
}

/** Connections that come when the address has its share take the places of its oldest ones, and of nobody else's. */
export function shares(limit: 'nfs-connections' | 'nfs-mounts' | 'names-connections'): Attack {
  return async (t) => {
    const { port, met, shares } = await serveShares(t, limit);
    const connected = async (from: string) => {
      const socket = dial(t, port, from);
      socket.resume();
      await once(socket, 'connect');
      return socket;
    };
    const node = await connected(hostile(1));
    const greedy = await Promise.all(Array.from({ length: 300 }, () => connected(hostile(0))));
    await shares.look();
    await until(() => greedy.filter(({ closed }) => !closed).length === FULL);
    const newest = await connected(hostile(0));
    const left = () => greedy.filter(({ closed }) => !closed).length;
    // As the server does, which looks each second: a connection is not always listed at once.
    for (let looks = 0; looks < 200 && left() !== FULL - 1; looks += 1) {
      await shares.look();
      await sleep(50);
    }
    t.is(left(), FULL - 1);
    t.false(newest.closed);
    t.false(node.closed);
    t.deepEqual(met, [`${limit} ${hostile(0)} true`, `${limit} ${hostile(0)} true`]);
    t.is(LIMITS['nfs-connections'].inAll, MOST_CONNECTIONS);
    return met;
  };
}

const otherNetworks: Attack = async (t) => {
  const { namespace, firewall } = await openFortress(t, 'wfwo', PACE, [2049, 111]);
  const office = await plugOffice(t, namespace, {
    name: `wfwoo${process.pid}`,
    walt: '192.168.152.0/24',
  });
  const node = await plugNode(t, namespace, 'wfwon', 11);
  for (const port of [2049, 111]) {
    t.true(await eventuallyConnects(node, port));
    t.true(await connects(namespace, SERVER, port));
    t.false(await connects(office, SERVER, port));
  }
  return metOf(firewall);
};

const pace: Attack = async (t) => {
  const { namespace, firewall } = await openFortress(t, 'wfwp', PACE, [2049]);
  const greedy = await plugNode(t, namespace, 'wfwpg', 66);
  const node = await plugNode(t, namespace, 'wfwpn', 11);
  t.true(await eventuallyConnects(node, 2049));
  const burst = Array.from({ length: 12 }, () => connects(greedy, SERVER, 2049));
  t.true(await connects(node, SERVER, 2049));
  await Promise.all(burst);
  t.true(await eventuallyConnects(greedy, 2049));
  return metOf(firewall);
};

/** By the row that each of them meets. */
export const nfsAttacks = {
  'other-networks': otherNetworks,
  'nfs-connections': shares('nfs-connections'),
  'nfs-mounts': shares('nfs-mounts'),
  'nfs-pace': pace,
} as const satisfies Readonly<Record<string, Attack>>;
