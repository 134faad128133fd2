// Nodes say here that they are booted.
import { once } from 'node:events';
import { connect } from 'node:net';
import { messageOf } from '../../errors.ts';
import type { Check } from '../check.ts';

export const notifications: Check = {
  name: 'notifications',
  run: async ({ address, ports }, signal) => {
    const port = ports.bootup;
    const socket = connect({ host: address, port, localAddress: address, signal });
    try {
      await once(socket, 'connect');
      return { status: 'ok', detail: `port ${port} is open` };
    } catch (thrown) {
      return {
        status: 'failed',
        detail: `port ${port} of ${address}: ${messageOf(thrown)}`,
        meaning: 'Nobody learns that a node is booted: walt node wait waits for ever.',
        mend: 'systemctl restart walt-server',
      };
    } finally {
      socket.destroy();
    }
  },
};
