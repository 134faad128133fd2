// A machine of a second network that the server is in, which knows the way to walt-net.
import type { ExecutionContext } from 'ava';
import { ip } from '../../../lab/network/ip.ts';
import { createNamespace, type Namespace } from '../namespace.ts';

/** The server's address on the second network. */
export const SERVER_IN_OFFICE = '10.9.9.1';

/**
 * The server routes between the two networks, as a machine with two cards may.
 * @param name of the machine's namespace. @param walt walt-net, such as 192.168.152.0/24
 */
export async function plugOffice(
  t: Pick<ExecutionContext, 'teardown'>,
  server: Namespace,
  { name, walt }: { readonly name: string; readonly walt: string },
): Promise<Namespace> {
  const office = await createNamespace(name, { bridge: 'unused', address: '10.8.8.1/24' });
  t.teardown(() => office.remove());
  const peer = ['type', 'veth', 'peer', 'name', 'office', 'netns', office.name];
  await ip('-n', server.name, 'link', 'add', 'office', ...peer);
  for (const [host, address] of [
    [server.name, `${SERVER_IN_OFFICE}/24`],
    [office.name, '10.9.9.2/24'],
  ] as const) {
    await ip('-n', host, 'address', 'add', address, 'dev', 'office');
    await ip('-n', host, 'link', 'set', 'office', 'up');
  }
  await ip('-n', office.name, 'route', 'add', walt, 'via', SERVER_IN_OFFICE);
  return office;
}
