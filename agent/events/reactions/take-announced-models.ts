// Reaction: a node whose boot loader announced another model is of that model once its boot gets on.
import type { Detection } from '../../devices/detection.ts';
import type { Publisher } from '../publisher.ts';

/** Takes the model that was announced for a node with the first file that its loader got whole. */
export function takeAnnouncedModels(
  publisher: Publisher,
  detection: Pick<Detection, 'takeAnnounced'>,
): void {
  publisher.on('devices', ['signal'], async ({ mac, signal }) => {
    if (signal.kind !== 'file' || signal.outcome !== 'complete') return;
    publisher.publish(await detection.takeAnnounced(mac));
  });
}
