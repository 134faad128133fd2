import test from 'ava';
import { ip } from '../../../../lab/network/ip.ts';
import { createNamespace } from '../../../../lab/network/namespace.ts';
import { runProgram, succeed } from '../../../../lab/programs/run-program.ts';
import { watchOver } from '../../../../lab/programs/watchdog.ts';

const PROGRAM = `
  import { links } from './agent/host/links/links.ts';
  console.log(JSON.stringify(await links()));
`;

test('links() shows the interfaces of the network that this process has entered', async (t) => {
  const name = `walt-lab-links-${process.pid}`;
  watchOver({ namespaces: [name] });
  const network = await createNamespace(name);
  t.teardown(() => network.remove());
  await network.addTap('tap-a');
  await ip('-n', name, 'link', 'set', 'walt-net', 'type', 'bridge', 'stp_state', '1');
  await ip('-n', name, 'link', 'set', 'walt-net', 'type', 'bridge', 'forward_delay', '900');
  // The files in /sys stay those of the machine.
  const enter = ['nsenter', `--net=/run/netns/${name}`];
  const seen = await runProgram([...enter, 'ls', '/sys/class/net/walt-net']);
  t.not(seen.code, 0);
  const node = [process.execPath, '--input-type=module', '--eval', PROGRAM];
  const { stdout } = await succeed([...enter, ...node]);
  const found = JSON.parse(stdout.toString()) as { name: string }[];
  t.deepEqual(
    found.find((link) => link.name === 'walt-net'),
    {
      ...{ name: 'walt-net', isUp: true, hasCarrier: false, mtu: 1500 },
      bridge: { hasSpanningTree: true, forwardDelay: 900 },
    },
  );
  t.deepEqual(
    found.find((link) => link.name === 'tap-a'),
    {
      ...{ name: 'tap-a', isUp: true, hasCarrier: false, mtu: 1500, master: 'walt-net' },
    },
  );
});
