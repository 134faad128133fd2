// The time as a client of another make gets it from a real server, and silence while the server's clock is not known to be right.
import test, { type ExecutionContext } from 'ava';
import { isClockSynchronised } from '../../../agent/host/clock/clock-state.ts';
import { waitForText } from '../../../lab/machines/wait-for-text.ts';
import { ip } from '../../../lab/network/ip.ts';
import { Background } from '../../../lab/programs/background.ts';
import { runProgram } from '../../../lab/programs/run-program.ts';
import { openLab } from '../../support/lab.ts';
import { type Namespace, plugMachine } from '../../support/namespace.ts';

const SERVER = '192.168.152.1';

async function plugNode(t: ExecutionContext, server: Namespace, name: string): Promise<Namespace> {
  const card = { name: 'card', mac: '52:54:00:00:0e:01', port: 'port' };
  const node = await plugMachine(server, { name: `walt-lab-${name}c-${process.pid}`, card });
  t.teardown(() => node.remove());
  await ip('-n', node.name, 'address', 'add', '192.168.152.66/24', 'dev', 'card');
  return node;
}

const ask = (node: Namespace) =>
  runProgram(node.command(['ntpdig', '-j', '-t', '3', SERVER]), { seconds: 30 });

test('ntpdig has the time of the server where its clock counts as right', async (t) => {
  t.timeout(120_000);
  const lab = await openLab(t, 'time', { time: { trust: 'yes' } });
  const node = await plugNode(t, lab.namespace, 'time');
  await lab.startServer();
  const { code, said } = await ask(node);
  t.is(code, 0, said);
  const { offset, stratum } = JSON.parse(said) as { offset: number; stratum: number };
  t.true(Math.abs(offset) < 1, said);
  t.is(stratum, 3);
});

test('nobody is told the time while the kernel says that it is not synchronised, and the log says so', async (t) => {
  t.timeout(120_000);
  const lab = await openLab(t, 'timeless');
  const node = await plugNode(t, lab.namespace, 'timel');
  await lab.startServer();
  const isRight = await isClockSynchronised();
  const { said } = await ask(node);
  t.is(/"offset"/.test(said), isRight, said);
  t.is(/clock of this machine is not synchronised/.test(await lab.serverLog()), !isRight);
});

test('a time service of the machine keeps its port, and the server goes on', async (t) => {
  t.timeout(120_000);
  const lab = await openLab(t, 'timeport', { time: { trust: 'yes' } });
  const other = ['socat', '-u', `UDP4-RECV:123,bind=${SERVER}`, 'STDOUT'];
  const service = new Background(lab.namespace.command(other));
  t.teardown(() => service.kill());
  await lab.startServer();
  await waitForText(lab.serverLog, /Another program has to tell nodes the time/, {
    what: 'the server',
    seconds: 20,
  });
  t.is(service.child.exitCode, null);
});
