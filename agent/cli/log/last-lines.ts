// The end of the log: what is wanted is looked for from the newest line backwards, so that a long log costs nothing.
import type { LogView } from '../../api/calls/logs.ts';
import type { Client } from '../client.ts';
import type { LogQuery, Selection } from './log-query.ts';

/** The most that the server gives at once. */
const PAGE = 1000;

/** Which lines are wanted. */
export type Wanted = {
  /** what the server selects */
  readonly past?: Selection | undefined;
  /** what else has to be so; without it, only as much is fetched as is wanted */
  readonly keep?: LogQuery['keep'] | undefined;
};

/** The last lines that are wanted, oldest first, and whether there are others before them. */
export async function lastLines(
  client: Pick<Client, 'lines'>,
  { most, past, keep }: Wanted & { readonly most: number },
): Promise<{ readonly lines: readonly LogView[]; readonly hasMore: boolean }> {
  const last = keep === undefined ? most + 1 : PAGE;
  let found: LogView[] = [];
  let before: number | undefined;
  for (;;) {
    const page: LogView[] = [];
    for await (const log of client.lines('logs.read', { ...past, last, before })) page.push(log);
    found = [...(keep?.(page) ?? page), ...found];
    const hasMore = found.length > most;
    if (hasMore || page.length < last) return { lines: found.slice(-most), hasMore };
    before = page[0]?.id;
  }
}

/** Id of the newest line; 0 where there is none. */
export async function lastId(client: Pick<Client, 'lines'>): Promise<number> {
  for await (const { id } of client.lines('logs.read', { last: 1 })) return id;
  return 0;
}
