// Reaction: a device that is forgotten takes its identity along. Should its MAC come again, it is another machine.
import type { Publisher } from '../publisher.ts';

/** @param forget removes the identity of a MAC, if there is one */
export function forgetIdentities(
  publisher: Publisher,
  forget: (mac: string) => Promise<void>,
): void {
  publisher.on(
    'identities',
    ['device-changed'],
    async ({ before, after }) => {
      if (before !== undefined && after === undefined) await forget(before.mac);
    },
    { hearsTrials: true },
  );
}
