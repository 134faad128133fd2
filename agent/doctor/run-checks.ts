// Runs the checks, all at the same time, each for as long as it may take.
import { messageOf } from '../errors.ts';
import type { Check, CheckContext, Finding, Patient } from './check.ts';
import { dhcpOffers, type Offers } from './probes/dhcp-offers.ts';

/** What became of a check. */
export type Checked = { readonly name: string } & Finding;

const SECONDS = 10;
const LATE = 'it did not end within';

/** Whether a check failed for having taken too long alone. @param detail what it says */
export function isLate(detail: string): boolean {
  return detail.startsWith(LATE);
}

/** In the order of the table. It never fails: what goes wrong is a finding. */
export async function runChecks(checks: readonly Check[], patient: Patient): Promise<Checked[]> {
  let asked: Promise<Offers> | undefined;
  const context: CheckContext = {
    ...patient,
    offers: () => {
      asked ??= dhcpOffers(patient);
      return asked;
    },
  };
  const runs = checks.map(async (check) => ({
    name: check.name,
    ...(await runCheck(check, context)),
  }));
  return await Promise.all(runs);
}

async function runCheck(check: Check, context: CheckContext): Promise<Finding> {
  const { seconds = SECONDS } = check;
  const stop = new AbortController();
  const late = Promise.withResolvers<Finding>();
  const timer = setTimeout(() => {
    stop.abort();
    late.resolve(failed(`${LATE} ${seconds} s`));
  }, seconds * 1000);
  const run = async () => await check.run(context, stop.signal);
  const ended = run().catch((thrown: unknown) => failed(messageOf(thrown)));
  try {
    return await Promise.race([ended, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

function failed(detail: string): Finding {
  return {
    status: 'failed',
    detail,
    meaning: 'Nobody knows whether this part works.',
    mend: 'walt log show --platform --history -5m:',
  };
}
