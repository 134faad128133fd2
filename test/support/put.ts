import type { Device } from '../../agent/devices/device.ts';
import type { Registry } from '../../agent/devices/registry.ts';

/** Makes a device known as it is, or replaces what was known of its MAC. */
export async function put(registry: Pick<Registry, 'change'>, device: Device): Promise<void> {
  await registry.change(device.mac, () => device);
}
