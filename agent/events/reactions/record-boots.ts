// Reaction: signals of boots go to the boot book, and what they meant is published.
import type { BootBook } from '../../boots/boot-book.ts';
import type { Registry } from '../../devices/registry.ts';
import type { Publisher } from '../publisher.ts';

/** Keeps the boot book, and publishes event `boot` for each signal that says something. */
export function recordBoots(
  publisher: Publisher,
  { boots, registry }: { readonly boots: BootBook; readonly registry: Pick<Registry, 'byMac'> },
): void {
  publisher.on(
    'boots',
    ['signal'],
    ({ mac, signal }, at) => {
      const change = boots.record(mac, signal, at);
      if (change === undefined) return;
      const name = registry.byMac(mac)?.name ?? mac;
      publisher.publish([{ kind: 'boot', name, ...change }]);
    },
    { hearsTrials: true },
  );
  publisher.on(
    'boots',
    ['device-changed'],
    ({ before, after }) => {
      if (before !== undefined && after === undefined) boots.forget(before.mac);
    },
    { hearsTrials: true },
  );
}
