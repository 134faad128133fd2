// The NFS server, and its exports.
import { join } from 'node:path';
import type { Config } from '../config/config.ts';
import type { Registry } from '../devices/registry.ts';
import type { Publisher } from '../events/publisher.ts';
import { followExports } from '../events/reactions/follow-exports.ts';
import { createNfsServer } from '../nfs/create.ts';
import { nfsExports } from '../nfs/node-exports.ts';
import type { Problem } from './journal.ts';

type Parts = {
  /** of the server's state */
  readonly folder: string;
  /** of the server on walt-net, dotted IPv4 */
  readonly address: string;
  readonly registry: Registry;
  /** root file system of an image, by the key of its folder */
  readonly rootOf: (key: string) => string;
  readonly publisher: Publisher;
  readonly problem: Problem;
};

/** Exports each node its image, from now on; the service goes on serving when the server ends. */
export async function startNfs(
  { backend }: Config['nfs'],
  { folder, address, registry, rootOf, publisher, problem }: Parts,
  services: AsyncDisposableStack,
): Promise<void> {
  const nfs = await createNfsServer(backend, {
    address,
    folder: join(folder, 'nfs'),
    onProblem: problem('nfs'),
  });
  await nfs.start();
  services.defer(() => nfs.detach());
  const apply = () => nfs.apply(nfsExports(registry, rootOf));
  await apply();
  followExports(publisher, apply);
}
