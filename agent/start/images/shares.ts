// What nodes keep on the server.
import { join } from 'node:path';
import type { Config } from '../../config/config.ts';
import type { Mounter } from '../../host/mounting/mounter.ts';
import { KeptShares } from '../../keeping/kept-shares.ts';

const MIB = 2 ** 20;

/** @param folder of the server's state */
export function openShares(
  { megabytes }: Config['persist'],
  { folder, mounter }: { readonly folder: string; readonly mounter: Mounter },
): KeptShares {
  return new KeptShares(join(folder, 'persist'), { bytes: megabytes * MIB, mounter });
}
