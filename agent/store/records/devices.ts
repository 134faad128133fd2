// What the server keeps of devices.
import type { Device } from '../../devices/device.ts';

/** One change of the devices: the device as it is from now on, or the MAC of one that is forgotten with its boots. */
export type DeviceWrite =
  | { readonly kind: 'save'; readonly device: Device }
  | { readonly kind: 'forget'; readonly mac: string };

/** What is on disk of the devices. */
export type DeviceRecords = {
  /** All devices, the one that was seen first before the others. */
  all(): Promise<Device[]>;
  /**
   * Writes the changes in their order and in one transaction. They are on disk when the promise resolves; when it
   * rejects, none of them is. Calls that come one after the other are written in that order.
   */
  write(changes: readonly DeviceWrite[]): Promise<void>;
};
