// Says at start what would otherwise show as a node that gets no answer: walt-net is not there, or not ours.
import { ConfigError, messageOf } from '../../errors.ts';
import { runProgram } from '../../host/processes/program.ts';
import { firstAddressBy } from '../ffi/interface-facts.ts';
import { loadSystemCalls } from '../ffi/system-calls.ts';

type Link = { addr_info: { family: string; local: string; prefixlen: number }[] };

/**
 * Asks the kernel, and where that is another address, or it cannot be asked, iproute2, which knows all of them: Node does not list an
 * interface without carrier, as a bridge without machines is.
 * @param network name of the interface, and the address with prefix that it must have
 * @throws {ConfigError} naming the key and the command that mends it
 */
export async function checkInterface(network: {
  readonly interface: string;
  readonly address: string;
}): Promise<void> {
  const { interface: name, address } = network;
  const calls = await loadSystemCalls();
  if (calls !== undefined && firstAddressBy(calls, name) === address) return;
  const mend = `ip addr add ${address} dev ${name}`;
  const addresses = await addressesOf(name);
  if (addresses.includes(address)) return;
  const present = addresses.length === 0 ? 'no IPv4 address' : addresses.join(', ');
  throw new ConfigError(
    `Cannot serve at ${address} (network.address): interface ${name} has ${present}. Mend it: ${mend}`,
  );
}

async function addressesOf(name: string): Promise<string[]> {
  try {
    const text = await runProgram('ip', ['-json', '-4', 'address', 'show', 'dev', name]);
    const links = JSON.parse(text) as Link[];
    const all = links.flatMap((link) => link.addr_info ?? []);
    return all.map(({ local, prefixlen }) => `${local}/${prefixlen}`);
  } catch (cause) {
    const said = messageOf(cause);
    const why = /does not exist/.test(said)
      ? 'this machine has none of this name. walt-server-setup makes it, or name another one (ip link lists them)'
      : said;
    throw new ConfigError(`Cannot serve on interface ${name} (network.interface): ${why}`, {
      cause,
    });
  }
}
