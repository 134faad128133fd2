// Rows of senders of lines: how many lines of each are on disk.
import { sql } from 'kysely';
import type { SentLines, SentSource } from '../../records/logs.ts';
import type { SqliteParts } from '../parts.ts';
import { queries, type Statement, statement } from '../statements.ts';

/** Of a device. It makes up a sender for each of its streams, and again after each boot. */
const MOST_SENDERS = 256;

/** How many lines of the sender are on disk; 0 where it is not known. */
export async function countOf(
  { database }: SqliteParts,
  { mac, sender }: SentSource,
): Promise<number> {
  const row = await database
    .selectFrom('log_senders')
    .select('count')
    .where('mac', '=', mac)
    .where('sender', '=', sender)
    .executeTakeFirst();
  return row?.count ?? 0;
}

/** Notes the count, and forgets the senders of the device that were heard long before. @param last id of the last line */
export function sentStatements({ mac, sender, count }: SentLines, last: number): Statement[] {
  const note = queries
    .insertInto('log_senders')
    .values({ mac, sender, count, last })
    .onConflict((conflict) => conflict.columns(['mac', 'sender']).doUpdateSet({ count, last }));
  const old = queries
    .selectFrom('log_senders')
    .select('sender')
    .where('mac', '=', mac)
    .orderBy('last', 'desc')
    .limit(sql<number>`-1`)
    .offset(MOST_SENDERS);
  const forget = queries
    .deleteFrom('log_senders')
    .where('mac', '=', mac)
    .where('sender', 'in', old);
  return [statement(note), statement(forget)];
}
