// How long the last 100 lines take to be found in a log of so many million lines.
import { join } from 'node:path';
import { type Kysely, sql } from 'kysely';
import { Journal } from '../../agent/journal/journal.ts';
import { LogReader } from '../../agent/journal/log-reader.ts';
import type { Tables } from '../../agent/store/sqlite/schema/schema.ts';
import { openSqliteStore } from '../../agent/store/sqlite/store.ts';
import { plainTable } from '../harness/table.ts';

const NODES = 100;
const STREAMS = 7;
const BATCH = 10_000;
const PICKS = 20;
const DELETED = 500_000;

/** @returns a table of milliseconds: the median of 20 looks */
export async function measureLongLog(folder: string, millions: number): Promise<string> {
  const store = await openSqliteStore(join(folder, 'long.db'));
  const journal = new Journal({ records: store.logs, print: console.error });
  const count = millions * 1_000_000;
  for (let done = 0; done < count; done += BATCH) {
    const lines = Array.from({ length: BATCH }, (_, index) => lineOf(done + index));
    await store.logs.appendAll(lines).written;
  }
  const reader = new LogReader({ store, journal });
  const rows: string[][] = [];
  for (const [what, wanted] of looks(count)) {
    const times: number[] = [];
    for (let pick = 0; pick < PICKS; pick += 1) {
      const begun = performance.now();
      for await (const page of reader.history({ ...wanted, last: 100 })) void page;
      times.push(performance.now() - begun);
    }
    times.sort((left, right) => left - right);
    rows.push([what, `${(times[PICKS / 2] ?? 0).toFixed(1)} ms`]);
  }
  rows.push(...(await deletions(store.database, Math.min(count / 4, DELETED))));
  await store.close();
  return plainTable([`the last 100 of ${millions} million lines`, 'median'], rows);
}

/** The oldest lines go with the trigger that counts how much each stream has, and as many without it. */
async function deletions(database: Kysely<Tables>, count: number): Promise<string[][]> {
  const remove = async (until: number) => {
    const begun = performance.now();
    await sql`DELETE FROM logs WHERE id <= ${until}`.execute(database);
    return `${(performance.now() - begun).toFixed(0)} ms`;
  };
  const counted = await remove(count);
  await sql`DROP TRIGGER logs_deleted`.execute(database);
  return [
    [`deleting ${count.toLocaleString('en')} of them (once)`, counted],
    ['as many, were sizes of streams not counted (once)', await remove(2 * count)],
  ];
}

function lineOf(number: number) {
  return {
    at: number * 1000,
    issuer: `node-${number % NODES}`,
    stream: `stream-${Math.floor(number / NODES) % STREAMS}`,
    line: `line ${number}: temperature 21.5, all is well here`,
  };
}

function looks(count: number) {
  const streams = Array.from({ length: STREAMS }, (_, index) => `stream-${index}`);
  return [
    ['of all', {}],
    ['of all but one stream', { exceptStreams: ['stream-3'] }],
    ['of all but the streams that said most of late', { exceptStreams: streams.slice(1) }],
    ['of one node', { issuers: ['node-7'] }],
    ['of one stream of all nodes', { streams: ['stream-3'] }],
    ['of all sources, each named', { streams }],
    ['of a time in the middle', { from: count * 500, to: count * 501 }],
    ['until the middle of the time', { to: count * 500 }],
    ['of the second half of the time', { from: count * 500 }],
    ['of one node, until the middle of the time', { issuers: ['node-7'], to: count * 500 }],
  ] as const;
}
