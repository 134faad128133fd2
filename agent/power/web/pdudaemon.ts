// The power driver of outlets that pdudaemon knows (its HTTP listener): `power.argument` is `URL PDU OUTLET`, as
// `http://10.0.0.5:16421 rack-1 7`.
import { WaltError } from '../../errors.ts';
import type { PowerDriver, PowerTarget } from '../driver.ts';
import { withCycle } from '../off-and-on.ts';
import { askWeb, webUrl } from './ask.ts';
import type { WebOptions } from './http.ts';

/** The driver `pdudaemon`. It tells no state. */
export function pdudaemon({ secretOf, ...steps }: WebOptions): PowerDriver {
  const ask = async (verb: 'on' | 'off', target: PowerTarget) => {
    await askWeb(urlOf(verb, target), await secretOf(target.mac));
  };
  return withCycle(
    {
      canSwitch: true,
      check: async (target) => {
        webUrl(urlOf('off', target));
        await secretOf(target.mac);
      },
      on: (target) => ask('on', target),
      off: (target) => ask('off', target),
      status: async () => 'unknown',
    },
    steps,
  );
}

function urlOf(verb: 'on' | 'off', { words: [base, hostname, port] }: PowerTarget): string {
  if (base === undefined || hostname === undefined || port === undefined) {
    throw new WaltError(
      'power.argument has to be URL PDU OUTLET, as http://10.0.0.5:16421 rack-1 7',
    );
  }
  const query = new URLSearchParams({ hostname, port });
  return `${base.replace(/\/+$/, '')}/power/control/${verb}?${query}`;
}
