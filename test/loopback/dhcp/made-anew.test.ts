// The bridge of walt-net is taken away and made anew, as `systemctl restart networking` does, while the server runs.
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { TAKE_ADDRESS } from '../../../lab/clients/take-address.ts';
import { Background } from '../../../lab/programs/background.ts';
import { eventually } from '../../support/lab.ts';
import { createNamespace, type Namespace, plugMachine } from '../../support/namespace.ts';
import { makeBridgeAnew } from '../../support/network/make-anew.ts';

const PROGRAM = join(import.meta.dirname, '../../support/dhcp/server-process.ts');
const MAC = '52:54:00:00:0a:01';

/** @returns the machine, whose card `card` ends at `port` of the bridge */
async function plug(t: ExecutionContext, host: Namespace, name: string): Promise<Namespace> {
  const machine = await plugMachine(host, { name, card: { name: 'card', mac: MAC, port: 'port' } });
  t.teardown(() => machine.remove());
  return machine;
}

function startClient(t: ExecutionContext, machine: Namespace): Background {
  const words = ['-i', 'card', '-f', '-s', TAKE_ADDRESS, '-t', '10', '-A', '1'];
  const client = new Background(machine.command(['udhcpc', ...words]));
  t.teardown(() => client.kill());
  return client;
}

for (const mode of ['server', 'proxy'] as const) {
  test.serial(`DHCP goes on where walt-net is made anew (${mode})`, async (t) => {
    t.timeout(3 * 60_000);
    const name = `wa${process.pid}${mode[0]}`;
    const host = await createNamespace(`${name}h`);
    t.teardown(() => host.remove());
    const server = new Background(
      host.command([process.execPath, PROGRAM, 'walt-net', ':memory:', '600', mode]),
    );
    t.teardown(() => server.kill());
    await server.waitFor(/listening/);
    const machine = await plug(t, host, `${name}c`);
    const questions = () => server.said.match(/discover of 52:54:00:00:0a:01/g)?.length ?? 0;
    const ask = async () => {
      const before = questions();
      const client = startClient(t, machine);
      // Nobody gives addresses beside a proxy.
      if (mode === 'server') await client.waitFor(/now bound/, 60);
      await eventually(
        async () => questions(),
        (count) => count > before,
        30,
      );
      t.true(questions() > before);
      await client.kill();
    };
    await ask();

    await makeBridgeAnew(host, { port: 'port' });
    await server.waitFor(/walt-net was made anew: DHCP listens on the new one/, 60);
    await ask();
  });
}
