// Reaction: tokens and sessions that were made in this run of the server last as long as they were made for.
import type { Accounts } from '../../../access/accounts.ts';
import type { Publisher } from '../../publisher.ts';

/** @param startedAt when this run of the server began, by the clock as it was then */
export function followClockOfAccess(
  publisher: Publisher,
  {
    accounts,
    startedAt,
  }: { readonly accounts: Pick<Accounts, 'clockSet'>; readonly startedAt: number },
): void {
  let since = startedAt;
  publisher.on('access clock', ['clock-set'], async ({ by }) => {
    const shift = { by, since };
    since += by;
    await accounts.clockSet(shift);
  });
}
