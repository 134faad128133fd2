// The identities of nodes: host keys and machine-ids.
import { join } from 'node:path';
import type { Registry } from '../../devices/registry.ts';
import type { Publisher } from '../../events/publisher.ts';
import { forgetIdentities } from '../../events/reactions/forget-identities.ts';
import { Identities } from '../../identities/identities.ts';

type Parts = {
  /** of the server's state */
  readonly folder: string;
  readonly registry: Registry;
  readonly publisher: Publisher;
};

/** Keeps them for as long as their devices are known. */
export async function openIdentities({ folder, registry, publisher }: Parts): Promise<Identities> {
  const identities = new Identities(join(folder, 'identities'));
  await identities.open((mac) => registry.byMac(mac) !== undefined);
  forgetIdentities(publisher, (mac) => identities.forget(mac));
  return identities;
}
