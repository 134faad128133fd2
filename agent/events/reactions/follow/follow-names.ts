// Reaction: the name server follows the devices. Whatever changed an address or a name, the look-up changes with it.
import type { Publisher } from '../../publisher.ts';

/** @param changed told that names are others than before */
export function followNames(publisher: Publisher, changed: () => void): void {
  publisher.on('names', ['device-changed'], ({ before, after }) => {
    if (before?.ip !== after?.ip || before?.name !== after?.name) changed();
  });
}
