// How many nodes of each model are how far.
import type { Device } from '../devices/device.ts';
import type { Sample } from './instruments.ts';

/** One sample for each model and state that there is. */
export function nodesByState(
  devices: readonly Device[],
  stateOf: (mac: string) => string,
): Sample[] {
  const counts = new Map<string, Sample>();
  for (const { type, mac, model = 'unknown' } of devices) {
    if (type !== 'node') continue;
    const labels = { model, state: stateOf(mac) };
    const key = `${model} ${labels.state}`;
    counts.set(key, { labels, value: (counts.get(key)?.value ?? 0) + 1 });
  }
  return [...counts.values()];
}
