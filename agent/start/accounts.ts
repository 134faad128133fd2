// Who may use the API from other machines.
import { Accounts } from '../access/accounts.ts';
import { systemClock } from '../host/clock/clock.ts';
import type { Store } from '../store/store.ts';

/** Reads the users and their tokens. */
export async function openAccounts({ access }: Pick<Store, 'access'>): Promise<Accounts> {
  return await Accounts.open({
    records: access,
    clock: systemClock,
    now: () => performance.now(),
  });
}
