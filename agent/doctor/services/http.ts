// The HTTP server answers.
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { messageOf } from '../../errors.ts';
import type { Check } from '../check.ts';

export const http: Check = {
  name: 'http',
  run: async ({ address, ports }, signal) => {
    const { http: port } = ports;
    try {
      const asking = get({ host: address, port, localAddress: address, signal, agent: false });
      const [response] = (await once(asking, 'response')) as [IncomingMessage];
      response.resume();
      if (response.statusCode === 200) return { status: 'ok', detail: 'it answers' };
      throw new Error(`it answers with status ${response.statusCode}`);
    } catch (thrown) {
      return {
        status: 'failed',
        detail: `port ${port} of ${address}: ${messageOf(thrown)}`,
        meaning: 'Boot loaders get no kernel, and media cannot be fetched.',
        mend: 'systemctl restart walt-server',
      };
    }
  },
};
