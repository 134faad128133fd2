// A server behind our rules of the kernel, and machines on its network, in namespaces of the test's own.
import type { ExecutionContext } from 'ava';
import { Firewall } from '../../../agent/net/firewall/firewall.ts';
import type { Pace } from '../../../agent/net/firewall/rules.ts';
import { ip } from '../../../lab/network/ip.ts';
import { runProgram } from '../../../lab/programs/run-program.ts';
import { createNamespace, type Namespace, plugMachine } from '../namespace.ts';

/** The address of the server on walt-net. */
export const SERVER = '192.168.152.1';

/** A namespace with our rules in force, and a server there that takes TCP at these ports. */
export async function openFortress(
  t: ExecutionContext,
  name: string,
  pace: Pace,
  ports: readonly number[],
) {
  const namespace = await createNamespace(`${name}${process.pid}`);
  t.teardown(() => namespace.remove());
  const firewall = new Firewall(
    {
      interface: 'walt-net',
      address: SERVER,
      inside: { limit: 'other-networks', tcp: ports, udp: [69] },
      paces: [pace],
    },
    { nft: namespace.command(['nft']) },
  );
  await firewall.apply();
  for (const port of ports) {
    const argv = ['socat', `TCP-LISTEN:${port},fork,reuseaddr,backlog=64`, 'EXEC:cat'];
    void runProgram(namespace.command(argv), { seconds: 120 });
  }
  return { namespace, firewall };
}

/** Whether a connection comes about, within so many seconds. */
export async function connects(from: Namespace, address: string, port: number): Promise<boolean> {
  const argv = ['socat', '-u', 'OPEN:/dev/null', `TCP:${address}:${port},connect-timeout=2`];
  return (await runProgram(from.command(argv), { seconds: 20 })).code === 0;
}

/** With tries enough for a server that starts, or a pace that lets one pass a second. */
export async function eventuallyConnects(from: Namespace, port: number): Promise<boolean> {
  for (let tries = 0; tries < 50; tries += 1) if (await connects(from, SERVER, port)) return true;
  return false;
}

/** A machine on walt-net. @param number the last one of its address, of two digits */
export async function plugNode(
  t: ExecutionContext,
  server: Namespace,
  name: string,
  number: number,
) {
  const card = { name: 'card', mac: `52:54:00:00:0d:${number}`, port: `p${number}` };
  const node = await plugMachine(server, { name: `${name}${process.pid}`, card });
  t.teardown(() => node.remove());
  await ip('-n', node.name, 'address', 'add', `192.168.152.${number}/24`, 'dev', 'card');
  return node;
}

/** The limits that were met, with whose they are. */
export async function metOf(firewall: Firewall): Promise<string[]> {
  return (await firewall.met()).map(({ limit, from }) => `${limit} ${from}`);
}
