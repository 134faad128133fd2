// The part of start.ts that opens what is known and written down, and the NFS exports that follow from it.
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { BootBook } from '../boots/boot-book.ts';
import type { Config } from '../config/config.ts';
import { Registry } from '../devices/registry.ts';
import { messageOf } from '../errors.ts';
import type { ServerEvent } from '../events/event.ts';
import { systemClock } from '../host/clock.ts';
import { every } from '../host/every.ts';
import type { ImageStore } from '../images/intake/image-store.ts';
import { Journal } from '../journal/journal.ts';
import { createNfsServer } from '../nfs/create.ts';
import { nfsExports } from '../nfs/node-exports.ts';
import { readLastLogId } from '../store/sqlite/logs.ts';
import { migrate } from '../store/sqlite/migrations.ts';
import { openSqlite } from '../store/sqlite/sqlite.ts';
import { WriteQueue } from '../store/sqlite/write-queue.ts';

type Stop = () => Promise<void> | void;
type Publish = (events: readonly ServerEvent[]) => void;

export type Records = Awaited<ReturnType<typeof openRecords>>;

const PRUNE_MS = 3_600_000;

/** What is known and written down: devices, boots, log. */
export async function openRecords(
  config: Config,
  { print }: { readonly print: (line: string) => void },
  stops: Stop[],
) {
  const folder = resolve(config.state);
  await mkdir(folder, { recursive: true });
  const { database, writer } = openSqlite(join(folder, 'walt.db'));
  stops.push(() => database.destroy());
  await migrate(database);
  const writes = new WriteQueue(writer);
  stops.push(() => writes.close());

  const registry = new Registry(writes);
  await registry.load(database);
  const boots = new BootBook(database, writes);
  await boots.load();
  const journal = new Journal({
    clock: systemClock,
    writes,
    boots,
    nameOf: (mac) => registry.byMac(mac)?.name,
    print,
    debug: config.log.debug,
    lastLogId: await readLastLogId(database),
  });
  /** where a part of the server puts trouble that no caller waits for */
  const problem = (source: string) => (reason: unknown) =>
    journal.append([{ kind: 'problem', source, message: messageOf(reason) }]);
  boots.onWriteError = problem('store');
  stops.push(every(PRUNE_MS, () => journal.prune(config.log.keepDays), problem('log')));
  return { folder, database, writes, registry, boots, journal, problem };
}

/** @returns how events are published from now on: recorded, and the exports kept in step with the nodes */
export async function startNfs(
  config: Config,
  parts: Records & { readonly images: ImageStore; readonly network: { readonly address: string } },
  stops: Stop[],
): Promise<Publish> {
  const { folder, registry, journal, images, network, problem } = parts;
  const nfs = await createNfsServer(config.nfs.backend, {
    address: network.address,
    folder: join(folder, 'nfs'),
    onProblem: problem('nfs'),
  });
  await nfs.start();
  stops.push(() => nfs.detach());
  const applyExports = () => nfs.apply(nfsExports(registry, images.rootOf));
  await applyExports();
  return (events) => {
    journal.append(events);
    const isExportChanged = events.some(({ kind }) => kind === 'new-node' || kind === 'new-root');
    if (isExportChanged) applyExports().catch(problem('nfs'));
  };
}
