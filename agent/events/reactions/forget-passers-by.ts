// Reaction: devices that never got past DHCP are forgotten after a month, and earlier where they take the addresses of
// others. Each is asked for again at the moment when it is forgotten: it may have got its first file meanwhile.
import type { Device } from '../../devices/device.ts';
import type { Registry } from '../../devices/registry.ts';
import type { Clock } from '../../host/clock/clock.ts';
import { inTheWay, isCrowded, isPasserBy, longGone } from '../../nodes/passers-by.ts';
import type { EventOf } from '../event.ts';
import type { Publisher } from '../publisher.ts';

type Options = {
  readonly registry: Pick<Registry, 'all' | 'changeAll' | 'size'>;
  /** how many the network has for machines */
  readonly addresses: number;
  readonly clock: Clock;
  /** milliseconds, of a clock that nobody sets */
  readonly now: () => number;
};

/** Thousands of new devices may come in a second: the list is not searched for each of them. */
const SEARCH_MS = 1000;

/** @returns what is to be called again and again: time alone makes a device one that may be forgotten */
export function forgetPassersBy(publisher: Publisher, options: Options): () => Promise<void> {
  const { registry, addresses, clock, now } = options;
  let searched = Number.NEGATIVE_INFINITY;
  const forget = async (
    devices: readonly Device[],
    why: EventOf<'passers-by-forgotten'>['why'],
  ) => {
    if (devices.length === 0) return;
    const at = clock();
    const done = await registry.changeAll(
      devices.map(({ mac }) => [
        mac,
        (device) => (device && isPasserBy(device, at) ? undefined : device),
      ]),
    );
    const gone = done.flatMap(({ before, after }) => (after === undefined && before) || []);
    if (gone.length > 0) publisher.publish([{ kind: 'passers-by-forgotten', devices: gone, why }]);
  };
  const makeRoom = async () => {
    if (!isCrowded(registry.size, addresses) || now() - searched < SEARCH_MS) return;
    searched = now();
    await forget(inTheWay(registry.all(), { addresses, now: clock() }), 'addresses');
  };
  publisher.on('passers-by', ['new-device', 'new-node', 'no-address-left'], makeRoom);
  return async () => {
    await makeRoom();
    await forget(longGone(registry.all(), clock()), 'age');
  };
}
