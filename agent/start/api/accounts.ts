// Who may use the API from other machines.
import { Accounts } from '../../access/accounts.ts';
import type { Publisher } from '../../events/publisher.ts';
import { followClockOfAccess } from '../../events/reactions/follow/follow-clock-of-access.ts';
import { systemClock } from '../../host/clock/clock.ts';
import type { Store } from '../../store/store.ts';

/** Reads the users and their tokens, which follow the clock from then on. */
export async function openAccounts(
  { access }: Pick<Store, 'access'>,
  publisher: Publisher,
): Promise<Accounts> {
  const startedAt = systemClock();
  const accounts = await Accounts.open({
    records: access,
    clock: systemClock,
    now: () => performance.now(),
  });
  followClockOfAccess(publisher, { accounts, startedAt });
  return accounts;
}
