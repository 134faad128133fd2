// Reaction: a node that boots again and again without coming up is said in the log, now and then.
import type { BootBook } from '../../boots/boot-book.ts';
import { isSaidAt } from '../../boots/failures.ts';
import { isNode } from '../../devices/device.ts';
import type { Registry } from '../../devices/registry.ts';
import type { Publisher } from '../publisher.ts';

/** Publishes event `boots-fail`. A device that is no node has nothing to come up with, and the log has said so. */
export function noticeFailingBoots(
  publisher: Publisher,
  parts: {
    readonly boots: Pick<BootBook, 'failuresOf'>;
    readonly registry: Pick<Registry, 'byMac'>;
  },
): void {
  const { boots, registry } = parts;
  publisher.on('boots', ['boot'], async ({ mac, name, attempt = 0 }) => {
    const device = registry.byMac(mac);
    if (device === undefined || !isNode(device) || !isSaidAt(attempt)) return;
    const text = await boots.failuresOf(mac);
    if (text !== undefined) publisher.publish([{ kind: 'boots-fail', name, text }]);
  });
}
