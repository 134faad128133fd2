// Reaction: the NFS exports follow the devices. Whatever changed an address or an image, the export changes with it.
import type { Device } from '../../../devices/device.ts';
import { keptShareOf } from '../../../keeping/kept-share.ts';
import type { Publisher } from '../../publisher.ts';

/** @param apply gives the NFS server the exports as the devices are now */
export function followExports(publisher: Publisher, apply: () => Promise<void>): void {
  publisher.on(
    'nfs',
    ['device-changed'],
    async ({ before, after }) => {
      if (exportOf(before) !== exportOf(after)) await apply();
    },
    { hearsTrials: true },
  );
}

/** What the export of a device is made of; the same for two devices whose exports are alike. */
function exportOf(device: Device | undefined): string {
  if (device?.type !== 'node' || device.firstFile === undefined) return '';
  return [device.ip, device.mac, device.root, keptShareOf(device)?.owner].join(' ');
}
