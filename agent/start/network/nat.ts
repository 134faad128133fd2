// Lets the devices reach other networks whose setting `netsetup` says so.
import { join } from 'node:path';
import type { Device } from '../../devices/device.ts';
import type { Registry } from '../../devices/registry.ts';
import { messageOf } from '../../errors.ts';
import type { Publisher } from '../../events/publisher.ts';
import type { Helpers } from '../../helper/helpers.ts';
import { oneAtATime } from '../../host/queues/one-at-a-time.ts';
import type { Firewall } from '../../net/firewall/firewall.ts';
import type { HasNat } from '../../nodes/netsetup.ts';
import type { Problem } from '../telling/journal.ts';

type Parts = {
  /** of the server's state */
  readonly folder: string;
  readonly registry: Registry;
  readonly publisher: Publisher;
  readonly problem: Problem;
  readonly hasNat: HasNat;
  /** undefined where this machine has no rules of ours */
  readonly firewall: Firewall | undefined;
  readonly helpers: Pick<Helpers, 'forwarding'>;
};

/** From here on the rules follow the devices, until the server ends: then this machine forwards as it did before. */
export async function startNat(
  { folder, registry, publisher, problem, hasNat, firewall, helpers }: Parts,
  services: AsyncDisposableStack,
): Promise<void> {
  const say = problem('nat');
  const forwarding = helpers.forwarding(join(folder, 'ip-forward'));
  const forwardedBefore = await forwarding.wasOn();
  services.defer(() => forwarding.putBack());
  if (firewall === undefined) return forwarding.putBack();
  let last = '';
  const apply = async () => {
    const devices = registry.all().filter(hasNat);
    const addresses = devices.map(({ ip }) => ip).toSorted();
    if (addresses.join() === last) return;
    // Nobody forwards for a moment what no rule is there for.
    if (addresses.length === 0) await forwarding.putBack();
    await firewall.forward(addresses.length === 0 ? undefined : { addresses, forwardedBefore });
    if (addresses.length > 0) await forwarding.on();
    last = addresses.join();
  };
  const follow = oneAtATime<void>(apply);
  const start = () =>
    follow().catch((reason) => say(`Devices do not reach other networks: ${messageOf(reason)}`));
  const concerns = (device: Device | undefined) => device !== undefined && hasNat(device);
  publisher.on('nat', ['device-changed'], ({ before, after }) =>
    before !== after && (concerns(before) || concerns(after)) ? start() : undefined,
  );
  await start();
}
