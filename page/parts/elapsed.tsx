// Seconds that go on while somebody looks.
import { signal } from '@preact/signals';
import { durationText } from '../state/times.ts';

/** One clock for all of them. */
export const now = signal(Date.now() * 1000);
setInterval(() => {
  if (document.visibilityState === 'visible') now.value = Date.now() * 1000;
}, 1000);

/** @param since microseconds since 1970 */
export function Elapsed({ since }: { readonly since: number | null }) {
  if (since === null) return null;
  return <small class="elapsed">{durationText(Math.max(0, now.value - since))}</small>;
}
