// The NFS server, and its exports.
import { join } from 'node:path';
import type { Config } from '../../config/config.ts';
import type { Registry } from '../../devices/registry.ts';
import { messageOf } from '../../errors.ts';
import type { Publisher } from '../../events/publisher.ts';
import { followExports } from '../../events/reactions/follow/follow-exports.ts';
import type { Helpers } from '../../helper/helpers.ts';
import { every } from '../../host/clock/every.ts';
import { readDisk } from '../../host/folders/disk.ts';
import { oneAtATime } from '../../host/queues/one-at-a-time.ts';
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
  /** milliseconds; half a minute unless given */
  readonly againMs?: number;
};

/**
 * What was not served is tried again: a disk that takes nothing may take something later, and an image that is gone may come back. It
 * keeps no other node waiting, nor the server from starting.
 */
const AGAIN_MS = 30_000;

/** Exports each node its image, from now on; the service goes on serving when the server ends. */
export async function startNfs(
  { backend }: Config['nfs'],
  parts: Parts,
  services: AsyncDisposableStack,
): Promise<void> {
  const { folder, subnet, registry, images, shares, publisher, problem, helpers } = parts;
  const { againMs = AGAIN_MS } = parts;
  const nfs = await helpers.nfs(backend, {
    ...{ subnet, mounter: helpers.mounter },
    folder: join(folder, 'nfs'),
    onProblem: problem('nfs'),
  });
  services.defer(() => nfs.detach());
  const { rootOf } = await images;
  const deviceOf = (mac: string) => registry.byMac(mac);
  const ofShares = { deviceOf, shares, onProblem: problem('persist') };
  let isStarted = false;
  /** why the last exports are not all served */
  let lacking: string | undefined;
  // A rack gets its first files in one moment: what is told of them all is told once.
  const apply = oneAtATime<void>(async () => {
    try {
      await nfs.apply(await withShares(nfsExports(registry, rootOf), ofShares));
      lacking = undefined;
    } catch (reason) {
      lacking = messageOf(reason);
      throw reason;
    }
  });
  const start = async () => {
    await nfs.start();
    isStarted = true;
    await apply().catch(problem('nfs'));
  };
  const tryAgain = async () => {
    if (!isStarted) return await start();
    const before = lacking;
    if (before === undefined) return;
    // The same again is no news.
    await apply().catch((reason: unknown) => {
      if (lacking !== before) throw reason;
    });
  };
  await start().catch(async (reason: unknown) => {
    const { free, isReadOnly } = await readDisk(folder);
    if (free > 0 && !isReadOnly) throw reason;
    problem('nfs')(reason);
  });
  services.defer(every(againMs, tryAgain, problem('nfs')));
  followExports(publisher, async () => {
    if (isStarted) await apply();
  });
}
