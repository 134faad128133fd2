// A step of the database: servers once wrote the values of settings that may open something (`isSecret` of `settings/table.ts`) into
// lines of the log and into events. Whoever may read those is not to read such values, however old the lines are.
import { type Kysely, sql } from 'kysely';
import type { EventRow, LogRow, Tables } from './schema.ts';

/** The secret settings of that time: a step stays as it is, whatever becomes of the table. */
const KEYS = ['power.argument', 'snmp.community'];
const STREAMS = ['platform.nodes', 'platform.devices'];
const ISSUER = 'walt-server';
const HIDDEN = 'is another (not shown)';

/** Takes such values out of all lines and events. */
export async function hideSecretsInLog(database: Kysely<unknown>): Promise<void> {
  const tables = database as Kysely<Tables>;
  for (const key of KEYS) await hideInLines(tables, key);
  await hideInEvents(tables);
}

async function hideInLines(database: Kysely<Tables>, key: string): Promise<void> {
  const found = await database
    .selectFrom('logs')
    .select(['id', 'stream', 'line'])
    .where('issuer', '=', ISSUER)
    .where('stream', 'in', STREAMS)
    .where(sql<boolean>`line LIKE '% is configured by %' AND instr(line, ${`${key}=`}) > 0`)
    .execute();
  for (const { id, stream, line } of found) {
    const shown = withoutValue(line, key);
    await database.updateTable('logs').set({ line: shown }).where('id', '=', id).execute();
    const less = Buffer.byteLength(line) - Buffer.byteLength(shown);
    await database
      .updateTable('log_sizes')
      .set((now) => ({ bytes: now('bytes', '-', less) }))
      .where('stream', '=', stream)
      .execute();
  }
}

/** A value may have anything in it, also what looks like the next setting: what follows goes with it. */
function withoutValue(line: LogRow['line'], key: string): string {
  return `${line.slice(0, line.indexOf(`${key}=`))}${key} ${HIDDEN}`;
}

async function hideInEvents(database: Kysely<Tables>): Promise<void> {
  const found = await database
    .selectFrom('events')
    .selectAll()
    .where('kind', '=', 'configured')
    .execute();
  for (const { run, number, data } of found) {
    const shown = withoutSecrets(data);
    if (shown === data) continue;
    const event = database.updateTable('events').set({ data: shown });
    await event.where('run', '=', run).where('number', '=', number).execute();
  }
}

function withoutSecrets(data: EventRow['data']): string {
  const event: { readonly changes?: readonly Change[] } = JSON.parse(data);
  if (!event.changes?.some(({ key }) => KEYS.includes(key))) return data;
  const changes = event.changes.map((change) =>
    KEYS.includes(change.key) ? { key: change.key, from: '', to: '', isHidden: true } : change,
  );
  return JSON.stringify({ ...event, changes });
}

type Change = { readonly key: string };
