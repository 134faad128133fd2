// The virtual machine that a device is to be, as its settings say.
import type { Device } from '../devices/device.ts';
import type { MachinePlan } from '../machines/kept/plan.ts';

/** What a virtual node is made of now. */
export function planOf({ mac, name }: Device): MachinePlan {
  return {
    mac,
    name,
    hardware: {
      memoryBytes: 1024 * 1_048_576,
      cores: 2,
      firmware: 'bios',
      disks: [],
      networks: [{ name: 'walt-net' }],
    },
  };
}
