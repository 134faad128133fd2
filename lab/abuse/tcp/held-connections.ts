// Thousands of connections that say nothing, to each of the ports that nodes need.
import type { Attack } from '../attack.ts';
import { keepOpen } from '../connections.ts';

const PORTS = [80, 12_347, 2049];

export const heldConnections: Attack = {
  name: 'held-connections',
  what: `connections that say nothing, up to 40 an address and port, to ${PORTS.join(', ')}`,
  run: async (ground, count) => {
    const kept = { from: ground.addresses, each: 40, burst: 20, pauseMs: 100 };
    await Promise.all(PORTS.map((port) => keepOpen(ground, { ...kept, port }, count)));
  },
};
