// The real server under attack: it serves on, says who it was, and ends when it is told to.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import test from 'ava';
import { waitForText } from '../../../lab/machines/wait-for-text.ts';
import { ip } from '../../../lab/network/ip.ts';
import { runProgram } from '../../../lab/programs/run-program.ts';
import { openLab } from '../../support/lab.ts';
import { plugMachine } from '../../support/namespace.ts';

const SERVER = '192.168.152.1';
const STORM = join(import.meta.dirname, '../../../lab/clients/http-storm.ts');

test('a machine that asks on without reading does not hold the server', async (t) => {
  t.timeout(120_000);
  const lab = await openLab(t, 'abuse');
  const hostile = await plugMachine(lab.namespace, {
    name: `walt-lab-abusec-${process.pid}`,
    card: { name: 'card', mac: '52:54:00:00:0e:01', port: 'port' },
  });
  t.teardown(() => hostile.remove());
  await ip('-n', hostile.name, 'address', 'add', '192.168.152.66/24', 'dev', 'card');
  await lab.startServer();
  const argv = [process.execPath, STORM, SERVER, '/boot/initrd', '2000', '10'];
  const [file = '', ...args] = hostile.command(argv);
  const storm = spawn(file, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  storm.stdout.on('data', (bytes) => {
    said += bytes;
  });
  await once(storm, 'close');
  t.is(said, 'ended\n'.repeat(10));
  await waitForText(lab.serverLog, /HTTP: 192\.168\.152\.66 asks on without reading/, {
    what: 'the server',
    seconds: 20,
  });
  const curl = lab.namespace.command(['curl', '-sS', `http://${SERVER}/`]);
  t.is((await runProgram(curl)).said, 'WalT server HTTP service\n');
  await lab.endServer('SIGTERM');
});
