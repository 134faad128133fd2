// The real records of a server (database, registry, boots, journal) on a database in memory.
import { BootBook } from '../../agent/boots/boot-book.ts';
import { Detection } from '../../agent/devices/detection.ts';
import { Registry } from '../../agent/devices/registry.ts';
import { Journal } from '../../agent/journal/journal.ts';
import { LogReader } from '../../agent/journal/log-reader.ts';
import { readLastLogId } from '../../agent/store/sqlite/logs.ts';
import { migrate } from '../../agent/store/sqlite/migrations.ts';
import { openSqlite } from '../../agent/store/sqlite/sqlite.ts';
import { WriteQueue } from '../../agent/store/sqlite/write-queue.ts';

/**
 * @param file of the database; opening the same file again is a restart of the server
 * @param images name of the default image by model; its digest is `sha256:` and the model
 */
export async function openRecords(file = ':memory:', images: Record<string, string> = {}) {
  const { database, writer } = openSqlite(file);
  await migrate(database);
  const writes = new WriteQueue(writer);
  const registry = new Registry(writes);
  await registry.load(database);
  const boots = new BootBook(database, writes);
  await boots.load();
  let now = 1_000_000;
  const clock = () => {
    now += 1;
    return now;
  };
  const printed: string[] = [];
  const journal = new Journal({
    clock,
    writes,
    boots,
    nameOf: (mac) => registry.byMac(mac)?.name,
    print: (line) => printed.push(line),
    debug: false,
    lastLogId: await readLastLogId(database),
  });
  const detection = new Detection({
    registry,
    defaultImageOf: (model) => images[model],
    digestOf: (image) => digests(images)[image],
    clock,
  });
  const logs = new LogReader(database, writes, journal);
  return { database, writes, registry, boots, journal, logs, detection, clock, printed, images };
}

function digests(images: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(images).map(([model, name]) => [name, `sha256:${model}`]),
  );
}
