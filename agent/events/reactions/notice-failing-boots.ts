// Reaction: a node that boots again and again without coming up is said in the log, now and then; one that did not come up by kexec
// each time.
import type { BootBook } from '../../boots/boot-book.ts';
import { hasFailedWarm } from '../../boots/failed-warm.ts';
import { failedWarmText, isSaidAt } from '../../boots/failures.ts';
import { isNode } from '../../devices/device.ts';
import type { Registry } from '../../devices/registry.ts';
import type { Publisher } from '../publisher.ts';

/** Publishes event `boots-fail`. A device that is no node has nothing to come up with, and the log has said so. */
export function noticeFailingBoots(
  publisher: Publisher,
  parts: {
    readonly boots: Pick<BootBook, 'failuresOf' | 'isAfterWarm' | 'lastOf'>;
    readonly registry: Pick<Registry, 'byMac'>;
  },
): void {
  const { boots, registry } = parts;
  publisher.on('boots', ['boot'], async ({ mac, name, attempt = 0 }) => {
    const device = registry.byMac(mac);
    if (device === undefined || !isNode(device) || attempt < 2) return;
    const isAfterWarm = boots.isAfterWarm(mac);
    const say = (text: string) => publisher.publish([{ kind: 'boots-fail', name, text }]);
    const text = isSaidAt(attempt) ? await boots.failuresOf(mac) : undefined;
    if (text !== undefined) say(text);
    if (!isAfterWarm) return;
    const [, before] = await boots.lastOf(mac, 2);
    if (before !== undefined && hasFailedWarm(before)) say(failedWarmText(before));
  });
}
