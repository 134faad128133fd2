// Reaction: a device that got a file is one that boots, and no passer-by. From then on it has an NFS export.
import type { BootSignal } from '../../boot/progress.ts';
import type { Registry } from '../../devices/registry.ts';
import type { Publisher } from '../publisher.ts';

/** Writes down when each device first got a file whole. */
export function noteFirstFiles(
  publisher: Publisher,
  registry: Pick<Registry, 'byMac' | 'change'>,
): void {
  publisher.on('devices', ['signal'], async ({ mac, signal }, at) => {
    if (!showsBoot(signal) || registry.byMac(mac)?.firstFile !== undefined) return;
    await registry.change(mac, (device) =>
      device === undefined || device.firstFile !== undefined
        ? device
        : { ...device, firstFile: at },
    );
  });
}

/** Anybody can ask for a file in the name of another address; only who has the address gets all of it. */
function showsBoot(signal: BootSignal): boolean {
  if (signal.kind === 'file') return signal.outcome === 'complete';
  return signal.kind === 'mounted' || signal.kind === 'booted';
}
