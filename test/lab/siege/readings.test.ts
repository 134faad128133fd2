import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import test from 'ava';
import { readProcess, shareOf } from '../../../lab/siege/readings.ts';

/** A process of its own: that of the tests opens and closes files for others meanwhile. Each word on its input is one step. */
const PROGRAM = `
const { connect, createServer } = require('node:net');
const accepted = [];
const server = createServer((socket) => {
  if (accepted.push(socket) === 3) console.log('connected');
}).listen(0, '127.0.0.1', () => console.log(server.address().port));
process.stdin.once('data', () => {
  const { port } = server.address();
  for (const localAddress of ['127.0.0.2', '127.0.0.2', '127.0.0.3']) connect({ host: '127.0.0.1', port, localAddress });
});`;

test('readProcess() counts memory, descriptors, and connections by address', async (t) => {
  const child = spawn(process.execPath, ['-e', PROGRAM], { stdio: ['pipe', 'pipe', 'inherit'] });
  t.teardown(() => child.kill('SIGKILL'));
  const lines = createInterface({ input: child.stdout });
  const [line] = await once(lines, 'line');
  const port = Number(line);
  const pid = child.pid ?? 0;
  const before = await readProcess(pid);
  t.true(before.memory > 10e6 && before.mostMemory >= before.memory);
  t.deepEqual(shareOf(before, port), { perAddress: 0, inAll: 0 });
  child.stdin.write('connect');
  await once(lines, 'line');
  const after = await readProcess(pid);
  t.deepEqual(shareOf(after, port), { perAddress: 2, inAll: 3 });
  t.true(after.descriptors >= before.descriptors + 6);
});
