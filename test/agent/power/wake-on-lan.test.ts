// The driver `wake-on-lan`: what arrives is the packet of the machine.
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import test from 'ava';
import { wakeOnLan } from '../../../agent/power/wake-on-lan.ts';

const target = { name: 'pc-1', mac: '52:54:00:aa:bb:cc', ip: '192.168.152.7', words: [] };

test('wake-on-lan sends six bytes of ones and the MAC sixteen times', async (t) => {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  t.teardown(() => socket.close());
  const arrived = once(socket, 'message');
  const { port } = socket.address();
  const driver = wakeOnLan({ address: '127.0.0.1', broadcast: '127.0.0.1', port });
  await driver.on(target);
  const [packet] = (await arrived) as [Buffer];
  t.is(packet.toString('hex'), `ffffffffffff${'525400aabbcc'.repeat(16)}`);
  for (const verb of ['off', 'cycle'] as const) {
    await t.throwsAsync(driver[verb](target), { message: /can turn pc-1 on, and no more/ });
  }
  t.is(await driver.status(target), 'unknown');
});
