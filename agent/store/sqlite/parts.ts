// What the store on SQLite works with: all of its files are given these two.
import type { Kysely } from 'kysely';
import type { Tables } from './schema/schema.ts';
import type { WriteQueue } from './writing/write-queue.ts';

/** Reads go to `database`, on this thread; writes go through `writes`. Tests look at the rows through both. */
export type SqliteParts = { readonly database: Kysely<Tables>; readonly writes: WriteQueue };
