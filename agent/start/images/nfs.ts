// The NFS server, and its exports.
import { join } from 'node:path';
import type { Config } from '../../config/config.ts';
import type { Registry } from '../../devices/registry.ts';
import type { Publisher } from '../../events/publisher.ts';
import { followExports } from '../../events/reactions/follow/follow-exports.ts';
import type { Helpers } from '../../helper/helpers.ts';
import { every } from '../../host/clock/every.ts';
import { readDisk } from '../../host/folders/disk.ts';
import type { ImageStore } from '../../images/intake/image-store.ts';
import type { KeptShares } from '../../keeping/kept-shares.ts';
import { withShares } from '../../keeping/with-shares.ts';
import { nfsExports } from '../../nfs/node-exports.ts';
import type { Subnet } from '../../protocol/ip.ts';
import type { Problem } from '../telling/journal.ts';

type Parts = {
  /** of the server's state */
  readonly folder: string;
  /** walt-net, with the server's address there */
  readonly subnet: Subnet;
  readonly registry: Registry;
  /** resolves once they are mounted, and the rules of the firewall are in force */
  readonly images: Promise<Pick<ImageStore, 'rootOf'>>;
  /** what nodes keep */
  readonly shares: KeptShares;
  readonly publisher: Publisher;
  readonly problem: Problem;
  readonly helpers: Pick<Helpers, 'nfs' | 'mounter'>;
};

/** On a disk that takes nothing the service may not start: that is no reason to serve no files. It is tried again. */
const AGAIN_MS = 30_000;

/** Exports each node its image, from now on; the service goes on serving when the server ends. */
export async function startNfs(
  { backend }: Config['nfs'],
  { folder, subnet, registry, images, shares, publisher, problem, helpers }: Parts,
  services: AsyncDisposableStack,
): Promise<void> {
  const nfs = await helpers.nfs(backend, {
    ...{ subnet, mounter: helpers.mounter },
    folder: join(folder, 'nfs'),
    onProblem: problem('nfs'),
  });
  services.defer(() => nfs.detach());
  const { rootOf } = await images;
  const deviceOf = (mac: string) => registry.byMac(mac);
  const ofShares = { deviceOf, shares, onProblem: problem('persist') };
  const apply = async () => nfs.apply(await withShares(nfsExports(registry, rootOf), ofShares));
  let isStarted = false;
  const start = async () => {
    if (isStarted) return;
    await nfs.start();
    isStarted = true;
    await apply();
  };
  await start().catch(async (reason: unknown) => {
    const { free, isReadOnly } = await readDisk(folder);
    if (free > 0 && !isReadOnly) throw reason;
    problem('nfs')(reason);
    services.defer(every(AGAIN_MS, start, problem('nfs')));
  });
  followExports(publisher, async () => {
    if (isStarted) await apply();
  });
}
