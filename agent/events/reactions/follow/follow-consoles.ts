// Reaction: a device that is new, or has another serial line, is listened to; what a device said goes when it is forgotten.
import type { Device } from '../../../devices/device.ts';
import type { Publisher } from '../../publisher.ts';

type Parts = {
  /** the device has this serial port now */
  readonly follow: (device: Device) => Promise<void>;
  /** it has none any more */
  readonly leave: (mac: string) => Promise<void>;
  /** removes its record */
  readonly forget: (mac: string) => Promise<void>;
};

/** Changes of a device come one after the other. */
export function followConsoles(publisher: Publisher, { follow, leave, forget }: Parts): void {
  publisher.on('consoles', ['device-changed'], async ({ before, after }) => {
    if (after !== undefined) return await follow(after);
    if (before === undefined) return;
    await leave(before.mac);
    await forget(before.mac);
  });
}
