// Adds to the exports of nodes what they keep. A share that cannot be had keeps no node from its image.
import type { Device } from '../devices/device.ts';
import type { NfsExport } from '../nfs/export.ts';
import { keptShareOf } from './kept-share.ts';
import type { KeptShares } from './kept-shares.ts';

type Options = {
  readonly deviceOf: (mac: string) => Device | undefined;
  readonly shares: Pick<KeptShares, 'open'>;
  /** told why a node goes without */
  readonly onProblem: (reason: unknown) => void;
};

/** The same exports, with a share for each node that has one. */
export async function withShares(
  exports: readonly NfsExport[],
  { deviceOf, shares, onProblem }: Options,
): Promise<NfsExport[]> {
  const all: NfsExport[] = [];
  for (const each of exports) {
    const wanted = keptShareOf(deviceOf(each.mac));
    const share = wanted && (await orProblem(shares.open(wanted), onProblem));
    all.push(share === undefined ? each : { ...each, share });
  }
  return all;
}

async function orProblem<Result>(
  result: Promise<Result>,
  onProblem: Options['onProblem'],
): Promise<Result | undefined> {
  try {
    return await result;
  } catch (reason) {
    onProblem(reason);
    return undefined;
  }
}
