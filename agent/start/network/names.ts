// The name server of walt-net.
import type { Config } from '../../config/config.ts';
import type { Registry } from '../../devices/registry.ts';
import { messageOf } from '../../errors.ts';
import type { Publisher } from '../../events/publisher.ts';
import { followNames } from '../../events/reactions/follow/follow-names.ts';
import type { Helpers } from '../../helper/helpers.ts';
import { NotInstalledError } from '../../names/dnsmasq.ts';
import { NameServer } from '../../names/name-server.ts';
import type { Subnet } from '../../protocol/ip.ts';
import type { Problem } from '../telling/journal.ts';

type Parts = {
  /** of the server's state */
  readonly folder: string;
  /** walt-net, with the server's address there */
  readonly subnet: Subnet;
  readonly registry: Registry;
  readonly publisher: Publisher;
  readonly problem: Problem;
  readonly helpers: Pick<Helpers, 'names'>;
};

/** What machines are told of where names are served; nothing where they are not. */
export type NameFacts = { readonly dnsServer?: string };

/** Names are served from here on, until the server ends. A machine without dnsmasq is told what it lacks, and served all the same. */
export async function startNames(
  { dns, network }: Pick<Config, 'dns' | 'network'>,
  { folder, subnet, registry, publisher, problem, helpers }: Parts,
  services: AsyncDisposableStack,
): Promise<NameFacts> {
  if (!dns.enabled) return {};
  const say = problem('names');
  const names = new NameServer({
    ...{ subnet, folder, upstream: dns.upstream, onProblem: say },
    domain: network.domain,
    run: helpers.names,
    devices: () => registry.all(),
  });
  services.defer(() => names.close());
  try {
    await names.start();
  } catch (reason) {
    say(`Nodes find nobody by name: ${messageOf(reason)}`);
    if (reason instanceof NotInstalledError) return {};
  }
  followNames(publisher, () => names.changed());
  return { dnsServer: subnet.address };
}
