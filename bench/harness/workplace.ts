/** Where a bench works: two hosts and a folder, which are gone when it ends, also when it is told to end. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TwoHosts } from '../../lab/network/two-hosts.ts';

export type Workplace = { readonly hosts: TwoHosts; readonly folder: string };

export async function inWorkplace(work: (place: Workplace) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'walt-bench-'));
  const hosts = new TwoHosts();
  let isTidy: Promise<void> | undefined;
  const tidy = () => {
    isTidy ??= hosts
      .close()
      .then(() => rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 }));
    return isTidy;
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => tidy().finally(() => process.exit(1)));
  }
  try {
    await work({ hosts, folder });
  } finally {
    await tidy();
  }
}
